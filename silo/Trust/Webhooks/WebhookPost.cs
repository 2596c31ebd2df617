using System.Collections.Concurrent;
using TrustMesh.Contracts;
using TrustMesh.Trust.Alerts;

namespace TrustMesh.Trust.Webhooks;

/// <summary>
/// Brings messages to their webhooks, at the silo whose turn it is: a courier each, so that one that is slow or gone holds up nobody but itself. A courier has nothing of its own: what is to be
/// tried is in the box, and what came of it goes there, so whoever comes after a crash goes on. What was sent and not noted is sent again with the same id.
/// </summary>
/// <param name="send">Makes one try; throws nothing but that it was cancelled.</param>
/// <param name="jitter">0..1, another each time.</param>
/// <param name="failed">Told why a box could not be read or written.</param>
public sealed class WebhookPost(WebhookBook book, Func<WebhookCall, CancellationToken, Task<WebhookAnswer>> send, Func<double> jitter, Action<string> failed, TimeProvider time) : IAlertOutlet
{
    private readonly WebhookBook book = book;
    private readonly Func<WebhookCall, CancellationToken, Task<WebhookAnswer>> send = send;
    private readonly Func<double> jitter = jitter;
    private readonly Action<string> failed = failed;
    private readonly TimeProvider time = time;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2), LongestWait = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Courier> couriers = new();
    private CancellationTokenSource? turn;

    public async Task OfferAsync(AlertView alert, string what, CancellationToken cancellation)
    {
        await book.OfferAsync(alert, what, cancellation);
        foreach (var courier in couriers.Values) courier.Wake();
    }

    /// <summary>Somebody may have made or removed a webhook, or asked for a try.</summary>
    public async Task RereadAsync(CancellationToken cancellation)
    {
        if (turn is not { } its) return;
        var names = (await book.NamesAsync(cancellation)).ToHashSet();
        foreach (var name in names)
        {
            if (!couriers.ContainsKey(name)) couriers[name] = new(this, name, its.Token);
            couriers[name].Wake();
        }
        foreach (var (name, courier) in couriers)
            if (!names.Contains(name) && couriers.TryRemove(name, out _)) await courier.StopAsync();
    }

    /// <summary>Whether it is this silo's turn, from now on; ends when no courier is under way any more where it is not.</summary>
    public async Task TurnAsync(bool its)
    {
        if (its)
        {
            turn = new();
            return;
        }
        if (turn is not { } ended) return;
        turn = null;
        await ended.CancelAsync();
        foreach (var courier in couriers.Values) await courier.StopAsync();
        couriers.Clear();
        ended.Dispose();
    }

    private sealed class Courier
    {
        private readonly WebhookPost post;
        private readonly string name;
        private readonly CancellationTokenSource end;
        private readonly SemaphoreSlim news = new(0);
        private readonly Task running;

        public Courier(WebhookPost post, string name, CancellationToken turn)
        {
            (this.post, this.name, end) = (post, name, CancellationTokenSource.CreateLinkedTokenSource(turn));
            running = Task.Run(RunAsync, CancellationToken.None);
        }

        public void Wake() => news.Release();

        public async Task StopAsync()
        {
            await end.CancelAsync();
            await running;
        }

        private async Task RunAsync()
        {
            while (!end.IsCancellationRequested)
            {
                try
                {
                    await StepAsync();
                }
                catch (OperationCanceledException) when (end.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception broken)
                {
                    post.failed($"{name}: {broken.Message}");
                    await WaitAsync(Rest);
                }
            }
        }

        private async Task StepAsync()
        {
            if (await post.book.NextAsync(name, end.Token) is not var (id, wait, call))
            {
                await WaitAsync(LongestWait);
                return;
            }
            if (wait > TimeSpan.Zero)
            {
                await WaitAsync(wait);
                return;
            }
            var answer = call is null ? new WebhookAnswer(null, "no-secret", 0) : await post.send(call, end.Token);
            // It may have arrived: what came of it is noted even where the silo stops.
            await post.book.RecordAsync(name, id, answer, post.jitter(), CancellationToken.None);
        }

        /// <summary>Until there is news, and no longer than that.</summary>
        private async Task WaitAsync(TimeSpan most)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
            await Task.WhenAny(news.WaitAsync(enough.Token), Task.Delay(most < LongestWait ? most : LongestWait, post.time, enough.Token));
            await enough.CancelAsync();
            while (news.CurrentCount > 0) await news.WaitAsync(CancellationToken.None);
        }
    }
}
