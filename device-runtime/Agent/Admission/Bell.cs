namespace TrustMesh.Agent.Admission;

/// <summary>Wakes one waiter; rung many times before anybody waits, it wakes once. Ringing never blocks and never fails.</summary>
internal sealed class Bell : IDisposable
{
    private readonly SemaphoreSlim signal = new(0);
    private int rung;

    public void Ring()
    {
        if (Interlocked.Exchange(ref rung, 1) == 0) signal.Release();
    }

    /// <summary>True when it was rung, false when the pause or everything ended first.</summary>
    public async Task<bool> WaitAsync(TimeSpan pause, TimeProvider time, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var wait = signal.WaitAsync(either.Token);
        await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!wait.IsCompletedSuccessfully) return false;
        // Before what it rang for is looked at: a ring in between wakes once more.
        Volatile.Write(ref rung, 0);
        return true;
    }

    public void Dispose() => signal.Dispose();
}
