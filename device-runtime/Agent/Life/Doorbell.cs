namespace TrustMesh.Agent.Life;

/// <summary>Anybody rings, one loop answers. Rings that come together are answered together. Thread-safe.</summary>
internal sealed class Doorbell(TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim bell = new(0, 1);
    private Ring rung;

    public void Press(Ring why)
    {
        lock (gate)
        {
            rung |= why;
            if (bell.CurrentCount == 0) bell.Release();
        }
    }

    /// <summary>True if somebody rang for this and was not answered yet.</summary>
    public bool Rang(Ring why)
    {
        lock (gate) return (rung & why) != 0;
    }

    /// <summary>Who rang; <see cref="Ring.None"/> if nobody did in that time, or <paramref name="beside"/> ended. Throws only for a stop.</summary>
    public async Task<Ring> WaitAsync(TimeSpan longest, Task beside, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var signal = bell.WaitAsync(both.Token);
        await Task.WhenAny(signal, beside);
        await both.CancelAsync();
        await signal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        lock (gate)
        {
            var heard = signal.IsCompletedSuccessfully ? rung : Ring.None;
            if (heard != Ring.None) rung = Ring.None;
            return heard;
        }
    }

    public void Dispose() => bell.Dispose();
}
