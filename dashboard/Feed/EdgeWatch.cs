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
    private readonly CancellationTokenSource _end = new();
    private ExpiryClock? _expiry;
    private bool _loading;
    private bool _again;

    /// <summary>Null until the first answer.</summary>
    public IReadOnlyList<PeerEdge>? Edges { get; private set; }

    public SiloException? Problem { get; private set; }

    public void Start()
    {
        _expiry = new ExpiryClock(clock, () => dispatch(Expired));
        feed.EdgesChanged += OnEdgesChanged;
        _ = LoadAsync();
    }

    /// <summary>One request at a time; what changes meanwhile asks once more.</summary>
    public async Task LoadAsync()
    {
        if (_loading)
        {
            _again = true;
            return;
        }
        _loading = true;
        try
        {
            do
            {
                _again = false;
                var asked = clock.GetTimestamp();
                Edges = await (await user.SiloAsync()).EdgesAsync(device, _end.Token);
                Problem = null;
                Watch();
                changed();
                var took = clock.GetElapsedTime(asked);
                await Task.Delay(took * 10 > s_pause ? took * 10 : s_pause, clock, _end.Token);
            }
            while (_again);
        }
        catch (SiloException problem)
        {
            // What is shown stays while the silo is away: the pill says how old it is.
            Problem = Edges is null || problem.Code != "unreachable" ? problem : null;
            changed();
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The page is left.
        }
        finally
        {
            _loading = false;
        }
    }

    public void Dispose()
    {
        feed.EdgesChanged -= OnEdgesChanged;
        _expiry?.Dispose();
        _end.Cancel();
    }

    private void OnEdgesChanged(IReadOnlySet<string>? keys)
    {
        if (device is null || keys is null || keys.Any(key => key.StartsWith(device, StringComparison.Ordinal) || key.EndsWith(device, StringComparison.Ordinal)))
            _ = LoadAsync();
    }

    private void Expired()
    {
        Watch();
        changed();
    }

    private void Watch() => _expiry?.Watch((Edges ?? []).Select(edge => edge.ExpiresAt));
}
