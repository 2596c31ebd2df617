using TrustMesh.Contracts;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Feed;

/// <summary>
/// The list of edges a page shows, of one device or all, read again when the feed says that one of them changed, but never so often that reading the list
/// takes more than a tenth of the time: a large mesh changes all the time.
/// </summary>
/// <param name="device">Edges from and to this device; null for all.</param>
/// <param name="changed">Runs in the circuit's synchronisation context, as everything here.</param>
public sealed class EdgeWatch(SignedIn user, LiveFeed feed, TimeProvider clock, string? device, Func<Action, Task> dispatch, Action changed) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private Latest<IReadOnlyList<PeerEdge>>? _latest;
    private ExpiryClock? _expiry;
    private TimeSpan _took;

    /// <summary>Null until the first answer.</summary>
    public IReadOnlyList<PeerEdge>? Edges => _latest?.Value;

    public SiloException? Problem => _latest?.Problem;

    /// <summary>They are from before: there was no answer the last time.</summary>
    public bool IsOld => _latest?.IsOld == true;

    public void Start()
    {
        _latest = new(ReadAsync, Show, stop => Task.Delay(_took * 10 > s_pause ? _took * 10 : s_pause, clock, stop));
        _expiry = new ExpiryClock(clock, () => dispatch(Show));
        feed.EdgesChanged += OnEdgesChanged;
        _ = LoadAsync();
    }

    public Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;

    public void Dispose()
    {
        feed.EdgesChanged -= OnEdgesChanged;
        _expiry?.Dispose();
        _latest?.Dispose();
    }

    private async Task<IReadOnlyList<PeerEdge>> ReadAsync(CancellationToken stop)
    {
        var asked = clock.GetTimestamp();
        var edges = await (await user.SiloAsync()).EdgesAsync(device, stop);
        _took = clock.GetElapsedTime(asked);
        return edges;
    }

    private void OnEdgesChanged(IReadOnlySet<string>? keys)
    {
        if (device is null || keys is null || keys.Any(key => key.StartsWith(device, StringComparison.Ordinal) || key.EndsWith(device, StringComparison.Ordinal)))
            _ = LoadAsync();
    }

    private void Show()
    {
        _expiry?.Watch((Edges ?? []).Select(edge => edge.ExpiresAt));
        changed();
    }
}
