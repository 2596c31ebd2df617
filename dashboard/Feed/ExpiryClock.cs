namespace TrustMesh.Dashboard.Feed;

/// <summary>Calls back when a proof that is shown runs out: nobody sends word of that, and an expired proof must not look good.</summary>
/// <param name="expired">Runs on a timer's thread; hands over to the circuit itself.</param>
public sealed class ExpiryClock(TimeProvider clock, Func<Task> expired) : IDisposable
{
    // Many proofs run out at about the same time; one drawing shows them all.
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(500), s_most = TimeSpan.FromHours(1);
    private ITimer? _timer;

    /// <summary>Waits for the next of <paramref name="moments"/> instead of what it waited for before.</summary>
    public void Watch(IEnumerable<DateTimeOffset> moments)
    {
        var now = clock.GetUtcNow();
        var next = moments.Where(moment => moment > now).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        _timer?.Dispose();
        _timer = next == DateTimeOffset.MaxValue ? null : clock.CreateTimer(_ => _ = expired(), null, Within(next - now), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer?.Dispose();

    private static TimeSpan Within(TimeSpan wait) => wait < s_least ? s_least : wait > s_most ? s_most : wait + TimeSpan.FromMilliseconds(20);
}
