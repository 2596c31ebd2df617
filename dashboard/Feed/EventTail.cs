using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Feed;

/// <summary>The newest events of the silo, newest first, for one page while it is open. When the stream is cut it goes on where it was,
/// or begins anew with what another silo keeps.</summary>
public sealed class EventTail(SignedIn user, TimeProvider clock, CancellationToken process) : IDisposable
{
    /// <summary>As many as are kept and shown.</summary>
    public const int Kept = 500;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(process);
    private readonly LinkedList<TrustEvent> _events = [];
    private long _after;

    /// <summary>The silo told what it keeps, or that it keeps nothing; until then an empty list means nothing.</summary>
    public bool Heard { get; private set; }

    /// <summary>Why nothing was heard yet; it is tried again every second.</summary>
    public SiloException? Problem { get; private set; }

    /// <param name="dispatch">Runs work in the circuit's synchronisation context.</param>
    /// <param name="changed">Gets the list, newest first, at most five times a second.</param>
    /// <param name="failed">Runs when there is a <see cref="Problem"/>.</param>
    public void Start(Func<Action, Task> dispatch, Action<IReadOnlyList<TrustEvent>> changed, Action? failed = null) => _ = RunAsync(dispatch, changed, failed, _end.Token);

    /// <summary>
    /// For a page that reads for itself when something is told that concerns it. What the silo tells first is what had happened before the page was there, and it has read that. Numbers are
    /// compared for being others, not for being higher: another silo counts anew.
    /// </summary>
    public void StartNews(Func<Action, Task> dispatch, IReadOnlyCollection<string> kinds, Action news)
    {
        long? told = null;
        Start(dispatch, events =>
        {
            var newest = events.FirstOrDefault(one => kinds.Contains(one.Kind))?.Sequence ?? 0;
            var first = told is null;
            if (newest == told)
                return;
            told = newest;
            if (!first)
                news();
        });
    }

    public void Dispose() => _end.Cancel();

    private async Task RunAsync(Func<Action, Task> dispatch, Action<IReadOnlyList<TrustEvent>> changed, Action? failed, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                try
                {
                    await FollowAsync(dispatch, changed, cancel);
                }
                catch (SiloException problem) when (problem.SessionEnded)
                {
                    return; // The live feed of the circuit tells the user.
                }
                catch (Exception problem) when (problem is SiloException or IOException or HttpRequestException or JsonException)
                {
                    // Once something was heard the pill in the top bar shows the cut, and here it is enough to try again.
                    if (!Heard && Problem is null)
                        await dispatch(() =>
                        {
                            Problem = SiloException.Of(problem);
                            failed?.Invoke();
                        });
                }
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The page is left.
        }
    }

    private async Task FollowAsync(Func<Action, Task> dispatch, Action<IReadOnlyList<TrustEvent>> changed, CancellationToken cancel)
    {
        using var response = await (await user.SiloAsync()).OpenAsync($"events?after={_after}", cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var published = DateTimeOffset.MinValue;
        var waiting = false;
        await foreach (var (name, data) in EventStream.ReadAsync(stream, cancel))
        {
            // A comment says that nothing waits; the first of them is news.
            if (name.Length == 0 && !Heard && !waiting)
            {
                waiting = true;
                _ = PublishAsync();
            }
            if (name != "event")
                continue;
            var one = JsonSerializer.Deserialize(data, ContractJson.Default.TrustEvent) ?? throw new JsonException("null");
            // Numbers of one silo mean nothing to another, which tells all it keeps; and after a gap there is no going on either.
            var anew = one.Sequence != _after + 1;
            _after = one.Sequence;
            lock (_events)
            {
                if (anew)
                    _events.Clear();
                _events.AddFirst(one);
                if (_events.Count > Kept)
                    _events.RemoveLast();
            }
            if (waiting)
                continue;
            waiting = true;
            _ = PublishAsync();
        }

        async Task PublishAsync()
        {
            var wait = published + Frame - clock.GetUtcNow();
            try
            {
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(20), clock, cancel);
                waiting = false;
                published = clock.GetUtcNow();
                TrustEvent[] list;
                lock (_events)
                    list = [.. _events];
                await dispatch(() =>
                {
                    (Heard, Problem) = (true, null);
                    changed(list);
                });
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // The page is left.
            }
        }
    }
}
