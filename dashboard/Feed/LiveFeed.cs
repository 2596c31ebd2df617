using System.Text.Json;
using System.Threading.Channels;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Feed;

/// <summary>
/// One subscription to the silo's graph per circuit, shared by all its components: snapshot, then deltas, applied and announced at most ten
/// times a second. The mirror is changed and <see cref="Changed"/> raised on the circuit's own thread of control, so that rendering never meets a
/// half-applied batch.
/// </summary>
public sealed class LiveFeed(SignedIn user, TimeProvider clock, IHostApplicationLifetime process, ILogger<LiveFeed> log) : IAsyncDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);
    /// <summary>Deltas held for a slow circuit; past it the silo waits, and resyncs us if it must.</summary>
    private const int Waiting = 256;
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping);
    private Task? _loop;
    private TaskCompletionSource _hurry = new();
    private Func<Func<Task>, Task> _dispatch = work => work();

    public FleetMirror Fleet { get; } = new();

    public FeedState State { get; private set; } = FeedState.Connecting;

    /// <summary>When what is shown was last known to be true.</summary>
    public DateTimeOffset? HeardAt { get; private set; }

    /// <summary>When the next attempt is made, while reconnecting.</summary>
    public DateTimeOffset? RetryAt { get; private set; }

    /// <summary>Why the last attempt failed; null while it is live or the first is under way.</summary>
    public SiloException? Problem { get; private set; }

    /// <summary>Ids that changed; null when everything may have.</summary>
    public event Action<IReadOnlySet<string>?>? Changed;

    /// <summary>Edges, as <c>from&gt;to</c>, that changed or are no more; null when every edge may have. Apart from <see cref="Changed"/>: edges change all
    /// the time, and most pages show none.</summary>
    public event Action<IReadOnlySet<string>?>? EdgesChanged;

    /// <summary>Starts once; later calls do nothing.</summary>
    /// <param name="dispatch">Runs work in the circuit's synchronisation context.</param>
    public void Start(Func<Func<Task>, Task> dispatch)
    {
        _dispatch = dispatch;
        _loop ??= RunAsync(_end.Token);
    }

    /// <summary>Somebody does not want to wait for the next attempt.</summary>
    public Task HurryAsync()
    {
        _hurry.TrySetResult();
        return State == FeedState.Reconnecting && Fleet.Sequence < 0 ? PublishAsync(FeedState.Connecting, null, new HashSet<string>()) : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            if (_loop is not null)
                await _loop;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
        _end.Dispose();
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        for (var attempt = 0; !cancel.IsCancellationRequested; attempt++)
        {
            var heard = HeardAt;
            try
            {
                await FollowAsync(cancel);
                attempt = -1; // A gap: ask again at once.
                continue;
            }
            catch (SiloException problem) when (problem.SessionEnded)
            {
                await PublishAsync(FeedState.Ended, null, null);
                return;
            }
            catch (Exception problem) when (problem is SiloException or IOException or JsonException or HttpRequestException)
            {
                if (HeardAt != heard)
                    attempt = 0;
                var wait = TimeSpan.FromSeconds(Math.Min(15, 1 << Math.Min(attempt, 4)));
                SiloLog.FeedCut(log, (problem as SiloException)?.Code ?? "cut", (int)wait.TotalSeconds);
                Problem = SiloException.Of(problem);
                _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await PublishAsync(FeedState.Reconnecting, clock.GetUtcNow() + wait, null);
                // Back-off between attempts, so that a silo that starts is not run over.
                await Task.WhenAny(Task.Delay(wait, clock, cancel), _hurry.Task);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        var silo = await user.SiloAsync();
        var snapshot = await silo.GraphAsync(cancel);
        await _dispatch(() =>
        {
            Fleet.Apply(snapshot);
            return Task.CompletedTask;
        });
        await PublishAsync(FeedState.Live, null, null);
        using var response = await silo.OpenAsync($"graph/feed?after={snapshot.Sequence}", cancel);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var events = Channel.CreateBounded<(string Name, string Data)>(Waiting);
        var pump = PumpAsync(response, events.Writer, done.Token);
        try
        {
            while (await events.Reader.WaitToReadAsync(cancel))
            {
                // Leading edge at once; what comes within the frame goes along with the next batch.
                var frame = Task.Delay(Frame, clock, cancel);
                var batch = new List<(string Name, string Data)>();
                while (events.Reader.TryRead(out var one))
                    batch.Add(one);
                if (!await ApplyAsync(batch))
                    return;
                await frame;
            }
        }
        finally
        {
            await done.CancelAsync();
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // How it ended came through the channel.
        }
    }

    private static async Task PumpAsync(HttpResponseMessage response, ChannelWriter<(string Name, string Data)> events, CancellationToken cancel)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            await foreach (var one in EventStream.ReadAsync(stream, cancel))
                await events.WriteAsync(one, cancel);
            events.TryComplete(new IOException("The silo ended the feed."));
        }
        catch (Exception problem)
        {
            events.TryComplete(problem);
            throw;
        }
    }

    private async Task<bool> ApplyAsync(List<(string Name, string Data)> batch)
    {
        var changed = new HashSet<string>();
        var edges = new HashSet<string>();
        var whole = true;
        await _dispatch(() =>
        {
            foreach (var (name, data) in batch)
            {
                if (name == "resync")
                    whole = false;
                if (name != "delta" || !whole)
                    continue;
                var delta = JsonSerializer.Deserialize(data, ContractJson.Default.GraphDelta) ?? throw new JsonException("null");
                whole = Fleet.Apply(delta);
                changed.UnionWith(delta.Nodes.Select(node => node.Id));
                changed.UnionWith(delta.Removed);
                edges.UnionWith(delta.Edges.Select(edge => $"{edge.From}>{edge.To}"));
                edges.UnionWith(delta.RemovedEdges ?? []);
            }
            if (edges.Count > 0)
                EdgesChanged?.Invoke(edges);
            return Task.CompletedTask;
        });
        await PublishAsync(FeedState.Live, null, changed);
        return whole;
    }

    private Task PublishAsync(FeedState state, DateTimeOffset? retryAt, IReadOnlySet<string>? changed) => _dispatch(() =>
    {
        var same = State == state && RetryAt == retryAt;
        State = state;
        RetryAt = retryAt;
        if (state == FeedState.Live)
            (HeardAt, Problem) = (clock.GetUtcNow(), null);
        if (!same || changed is null or { Count: > 0 })
            Changed?.Invoke(changed);
        if (state == FeedState.Live && changed is null)
            EdgesChanged?.Invoke(null);
        return Task.CompletedTask;
    });
}
