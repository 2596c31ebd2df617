namespace TrustMesh.Host.Device;

/// <summary>As many verifications at once as there are cores, and a bounded line before them; beyond it the silo says busy (attack A42).</summary>
public sealed class VerificationGate(int cores, int longest) : IDisposable
{
    private readonly SemaphoreSlim places = new(cores);
    private int waiting;

    /// <summary>Evidence in line.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>False if the line is full. After true, call <see cref="Leave"/>.</summary>
    public async ValueTask<bool> TryEnterAsync(CancellationToken cancellation)
    {
        if (places.Wait(0, CancellationToken.None)) return true;
        try
        {
            if (Interlocked.Increment(ref waiting) > longest) return false;
            await places.WaitAsync(cancellation);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Leave() => places.Release();

    public void Dispose() => places.Dispose();
}
