using TrustMesh.Contracts;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Feed;

/// <summary>How many alerts fire, as long as a page is open. Read again and again, also after a failure; a silo that knows no alerts has none.</summary>
/// <param name="every">From an answer to the next request.</param>
/// <param name="changed">Runs in the circuit's synchronisation context, when there are more or fewer.</param>
public sealed class AlertTally(SignedIn user, TimeProvider clock, TimeSpan every, Func<Action, Task> dispatch, Action changed) : IDisposable
{
    private Latest<AlertCounts>? _latest;
    private ITimer? _timer;

    public int Firing { get; private set; }

    public void Start()
    {
        _latest = new(async stop => await (await user.SiloAsync()).AlertCountsAsync(stop), Show);
        _ = _latest.LoadAsync();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _latest?.Dispose();
    }

    private void Show()
    {
        _timer?.Dispose();
        _timer = clock.CreateTimer(_ => _ = dispatch(() => _ = _latest!.LoadAsync()), null, every, Timeout.InfiniteTimeSpan);
        var firing = _latest?.Value?.Firing ?? 0;
        if (firing == Firing)
            return;
        Firing = firing;
        changed();
    }
}
