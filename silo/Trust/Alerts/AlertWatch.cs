using TrustMesh.Trust.Feed;

namespace TrustMesh.Trust.Alerts;

/// <summary>
/// Keeps an <see cref="AlertBoard"/> going at the one silo whose turn it is (<see cref="AlertLease"/>): woken by the feed, at most five times a second, and every second by the clock.
/// </summary>
/// <param name="board">Makes one; again after a failure.</param>
/// <param name="lease">Null where this silo is the only one.</param>
/// <param name="outlet">Told whether it is this silo's turn, whenever that changes.</param>
/// <param name="failed">Told why a step failed; the next try begins from what is stored.</param>
public sealed class AlertWatch(Func<AlertBoard> board, AlertLease? lease, TrustFeed feed, IAlertOutlet outlet, Action<string> failed, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(200), Tick = TimeSpan.FromSeconds(1), Rest = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource end = new();
    private Task running = Task.CompletedTask;
    private bool its;

    public void Start() => running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await running;
        end.Dispose();
    }

    private async Task RunAsync()
    {
        AlertBoard? current = null;
        while (!end.IsCancellationRequested)
        {
            try
            {
                if (lease is not null && !await lease.HoldAsync(end.Token))
                {
                    current = null;
                    await TurnAsync(false);
                    await Task.Delay(Rest, time, end.Token);
                    continue;
                }
                await TurnAsync(true);
                if (current is null) await (current = board()).BeginAsync(end.Token);
                await current.StepAsync(end.Token);
                await WaitAsync(current);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                break;
            }
            catch (Exception broken)
            {
                // A store that does not answer, another silo that was quicker: begin again from what is stored.
                current = null;
                failed(broken.Message);
                if (lease is { IsHeld: false }) await TurnAsync(false);
                await RestAsync();
            }
        }
        await TurnAsync(false);
        await ReleaseAsync();
    }

    private Task TurnAsync(bool now) => its == now ? Task.CompletedTask : outlet.TurnAsync(its = now);

    /// <summary>Until there is news, or a second has gone; and never less than a frame, so that a thousand changes a second are five looks.</summary>
    private async Task WaitAsync(AlertBoard current)
    {
        await Task.Delay(Frame, time, end.Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        var (graph, events) = current.ReadTo;
        await Task.WhenAny(feed.Graph.WaitAsync(graph, enough.Token), feed.Events.WaitAsync(events, enough.Token), Task.Delay(Tick, time, enough.Token));
        await enough.CancelAsync();
    }

    private async Task RestAsync()
    {
        try
        {
            await Task.Delay(Rest, time, end.Token);
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task ReleaseAsync()
    {
        if (lease is null) return;
        try
        {
            await lease.ReleaseAsync();
        }
        catch (Exception late)
        {
            // It ends by itself, a few seconds later.
            failed(late.Message);
        }
    }
}
