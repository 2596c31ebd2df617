using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Feed;

/// <summary>Notes what a circuit's live feed shows, as long as it is live and a page is open. A quiet mesh is noted too: that nothing changed is what its line says.</summary>
/// <param name="dispatch">Runs work in the circuit's synchronisation context.</param>
public sealed class TrendWatch(LiveFeed feed, FleetTrend trend, TimeProvider clock, Func<Action, Task> dispatch) : IDisposable
{
    /// <summary>Twice a minute and a bit, so that no minute is missed.</summary>
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(25);
    private ITimer? _timer;
    private bool _noted;

    public void Start()
    {
        feed.Changed += OnChanged;
        _timer = clock.CreateTimer(_ => _ = dispatch(Note), null, s_every, s_every);
    }

    public void Dispose()
    {
        feed.Changed -= OnChanged;
        _timer?.Dispose();
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (!_noted)
            Note();
    }

    private void Note()
    {
        if (feed.State != FeedState.Live || feed.Fleet.Sequence < 0)
            return;
        _noted = true;
        trend.Note(feed.Fleet.Mesh, clock.GetUtcNow(), FleetSummary.CountLooks(feed.Fleet.Devices.Values));
    }
}
