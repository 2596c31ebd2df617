namespace TrustMesh.Agent.Life;

/// <summary>
/// Exponential back-off with full jitter: anything from a few milliseconds to 0.5 s, 1 s, 2 s … 60 s, for ever. The draw spreads a whole fleet
/// that lost its silo at one moment.
/// </summary>
public static class Backoff
{
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(20), First = TimeSpan.FromSeconds(0.5), Most = TimeSpan.FromSeconds(60), MostAsked = TimeSpan.FromMinutes(10);

    /// <param name="attempt">1 after the first failure.</param>
    /// <param name="draw">0 ≤ draw &lt; 1.</param>
    /// <param name="asked">The silo's Retry-After: waited for in any case, up to ten minutes, and jitter comes on top.</param>
    public static TimeSpan Delay(int attempt, double draw, TimeSpan? asked = null)
    {
        var window = First * Math.Pow(2, Math.Clamp(attempt - 1, 0, 16));
        var delay = (window < Most ? window : Most) * draw;
        if (asked is { } wish && wish > TimeSpan.Zero) delay += wish < MostAsked ? wish : MostAsked;
        return delay < Least ? Least : delay;
    }
}
