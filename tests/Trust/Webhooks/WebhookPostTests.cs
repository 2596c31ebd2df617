using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;
using TrustMesh.Trust.Keys;
using TrustMesh.Trust.Webhooks;

namespace TrustMesh.Tests.Trust.Webhooks;

public sealed class WebhookPostTests : IAsyncDisposable
{
    private static readonly WebhookAnswer Good = new(204, null, 3), Bad = new(503, "status", 5), Gone = new(410, "status", 5, true);

    private readonly ManualTime time = new();
    private readonly MemoryRecordStore store = new();
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly ConcurrentQueue<WebhookCall> calls = new();
    private readonly List<string> failures = [];
    private readonly SecretSeal seal = new(RandomNumberGenerator.GetBytes(32));
    private WebhookPost post;
    private Func<WebhookCall, CancellationToken, Task<WebhookAnswer>> answer = (_, _) => Task.FromResult(Good);

    public WebhookPostTests() => post = Fresh();

    private WebhookBook Book => new(store, seal, "mesh", random, (_, _, _) => { }, time);

    public async ValueTask DisposeAsync()
    {
        await post.TurnAsync(false);
        random.Dispose();
    }

    [Fact]
    public void The_signature_is_that_of_the_standard()
    {
        // The example of the libraries of Standard Webhooks.
        var call = WebhookCall.Sign("https://hooks.example/", "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), Encoding.UTF8.GetBytes("""{"test": 2432232314}"""),
            [Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]);
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", call.Signature);
    }

    [Fact]
    public async Task A_message_is_tried_until_it_arrives_under_one_id_with_longer_and_longer_waits()
    {
        await AddAsync("ops");
        var tries = 0;
        answer = (_, _) => Task.FromResult(++tries < 4 ? Bad : Good);
        await StartAsync();
        await post.OfferAsync(Alert(), "fired", default);
        for (var i = 1; i <= 4; i++)
        {
            await Eventually.TrueAsync(() => calls.Count == i, $"try {i}");
            var at = i;
            await UntilAsync("ops", one => one.Attempts == at);
            if (i < 4) await AdvanceAsync();
        }
        var only = Assert.Single(await Book.DeliveriesAsync("ops", default));
        Assert.Equal(("delivered", 4, 204, null, null), (only.State, only.Attempts, only.Status, only.Error, only.NextAt));
        Assert.Single(calls.Select(call => call.Id).Distinct());
        Assert.Single(calls.Select(call => Convert.ToBase64String(call.Body.Span)).Distinct());
        Assert.True(calls.Select(call => call.Timestamp).Distinct().Count() == 4);
        using var body = JsonDocument.Parse(calls.First().Body);
        Assert.Equal(("1.0", "io.trustmesh.alert.fired.v1", "urn:trustmesh:mesh", "alerts/0123456789abcdef0123456789abcdef", only.Id),
            (Text(body, "specversion"), Text(body, "type"), Text(body, "source"), Text(body, "subject"), Text(body, "id")));
        Assert.Equal("41 devices: PCR 7 is not as expected", body.RootElement.GetProperty("data").GetProperty("text").GetString());
    }

    [Fact]
    public void Eleven_tries_take_about_a_day_and_then_it_is_given_up()
    {
        Assert.Null(Retries.After(11, 0.5));
        var total = TimeSpan.FromTicks(Enumerable.Range(1, 10).Sum(attempt => Retries.After(attempt, 0.5)!.Value.Ticks));
        Assert.InRange(total.TotalHours, 23, 25);
        Assert.True(Retries.After(3, 0) < Retries.After(3, 1));
    }

    [Fact]
    public async Task What_never_arrives_is_given_up_and_shown_and_can_be_sent_again()
    {
        await AddAsync("ops");
        answer = (_, _) => Task.FromResult(Bad);
        await StartAsync();
        await post.OfferAsync(Alert(), "fired", default);
        for (var i = 1; i <= 11; i++)
        {
            var at = i;
            await UntilAsync("ops", one => one.Attempts == at);
            if (i < 11) await AdvanceAsync();
        }
        var given = Assert.Single(await Book.DeliveriesAsync("ops", default));
        Assert.Equal(("failed", 11, 503, "status", null), (given.State, given.Attempts, given.Status, given.Error, given.NextAt));
        answer = (_, _) => Task.FromResult(Good);
        Assert.True(await Book.ResendAsync("ops", given.Id, default));
        await post.RereadAsync(default);
        await UntilAsync("ops", one => one.State == "delivered");
        Assert.Equal(given.Id, calls.Last().Id);
        Assert.False(await Book.ResendAsync("ops", "msg_nobody", default));
    }

    [Fact]
    public async Task Who_says_that_it_is_gone_for_good_is_not_asked_again()
    {
        await AddAsync("ops");
        answer = (_, _) => Task.FromResult(Gone);
        await StartAsync();
        await post.OfferAsync(Alert(), "fired", default);
        await UntilAsync("ops", one => one.State == "failed");
        Assert.Single(calls);
    }

    [Fact]
    public async Task One_that_is_slow_holds_up_nobody_else()
    {
        await AddAsync("slow");
        await AddAsync("quick");
        var never = new TaskCompletionSource();
        answer = async (call, cancellation) =>
        {
            if (call.Url.Contains("slow", StringComparison.Ordinal)) await never.Task.WaitAsync(cancellation);
            return Good;
        };
        await StartAsync();
        await post.OfferAsync(Alert(), "fired", default);
        await post.OfferAsync(Alert(), "resolved", default);
        await Eventually.TrueAsync(() => calls.Count(call => call.Url.Contains("quick", StringComparison.Ordinal)) == 2, "both for the quick one");
        Assert.Equal("waiting", (await Book.DeliveriesAsync("slow", default))[0].State);
    }

    [Fact]
    public async Task A_silo_that_dies_while_it_sends_loses_nothing_and_the_next_sends_the_same_id()
    {
        await AddAsync("ops");
        answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return Good;
        };
        await StartAsync();
        await post.OfferAsync(Alert(), "fired", default);
        await Eventually.TrueAsync(() => calls.Count == 1, "the first try");
        await post.TurnAsync(false);
        Assert.Equal(("waiting", 0), ((await Book.DeliveriesAsync("ops", default))[0].State, (await Book.DeliveriesAsync("ops", default))[0].Attempts));
        answer = (_, _) => Task.FromResult(Good);
        post = Fresh();
        await StartAsync();
        await UntilAsync("ops", one => one.State == "delivered");
        Assert.Equal(2, calls.Count);
        Assert.Single(calls.Select(call => call.Id).Distinct());
    }

    [Fact]
    public async Task The_same_is_taken_on_once_and_only_by_who_wants_it()
    {
        await AddAsync("all");
        await AddAsync("worst", "critical");
        await StartAsync();
        await post.OfferAsync(Alert("warning"), "fired", default);
        await post.OfferAsync(Alert("warning"), "fired", default);
        await UntilAsync("all", one => one.State == "delivered");
        Assert.Single(await Book.DeliveriesAsync("all", default));
        Assert.Empty(await Book.DeliveriesAsync("worst", default));
        await post.OfferAsync(Alert("warning"), "fired", default);
        Assert.Single(calls);
    }

    [Fact]
    public async Task A42_Too_many_that_wait_drop_the_one_that_waited_longest_and_the_log_stays_short()
    {
        await AddAsync("ops");
        for (var i = 0; i < 250; i++) await Book.TestAsync("ops", default);
        var all = await Book.DeliveriesAsync("ops", default);
        Assert.Equal((200, 100, 100), (all.Count, all.Count(one => one.State == "waiting"), all.Count(one => one.State == "dropped")));
        Assert.All(all.Take(100), one => Assert.Equal("waiting", one.State));
    }

    [Fact]
    public async Task While_a_secret_is_changed_both_sign_and_after_a_day_only_the_new_one()
    {
        var old = (await Book.AddAsync("ops", "https://ops.example/", "info", "ada", default)).Made!.Secret;
        var fresh = (await Book.RotateAsync("ops", default))!.Secret;
        Assert.NotEqual(old, fresh);
        await StartAsync();
        await Book.TestAsync("ops", default);
        await post.RereadAsync(default);
        await UntilAsync("ops", one => one.State == "delivered");
        Assert.Equal($"{Signature(calls.Single(), fresh)} {Signature(calls.Single(), old)}", calls.Single().Signature);
        time.Advance(WebhookBook.Rotates + TimeSpan.FromSeconds(1));
        await Book.TestAsync("ops", default);
        await post.RereadAsync(default);
        await Eventually.TrueAsync(() => calls.Count == 2, "the second");
        Assert.Equal(Signature(calls.Last(), fresh), calls.Last().Signature);
        Assert.Null((await Book.FindAsync("ops", default))!.RotatesUntil);
    }

    [Fact]
    public async Task A47_A_secret_is_kept_under_a_seal_that_another_key_does_not_open_and_nothing_is_sent_unsigned()
    {
        var secret = (await Book.AddAsync("ops", "https://ops.example/", "info", "ada", default)).Made!.Secret;
        Assert.StartsWith("whsec_", secret);
        var bytes = Convert.FromBase64String(secret["whsec_".Length..]);
        Assert.Equal(32, bytes.Length);
        foreach (var row in store.All)
            Assert.All([bytes, Encoding.ASCII.GetBytes(secret), Encoding.ASCII.GetBytes(secret["whsec_".Length..]), Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes))], one => Assert.Equal(-1, row.Value.Span.IndexOf(one)));
        var other = new WebhookBook(store, new(RandomNumberGenerator.GetBytes(32)), "mesh", random, (_, _, _) => { }, time);
        post = new(other, SendAsync, () => 0.5, failures.Add, time);
        await StartAsync();
        await Book.TestAsync("ops", default);
        await post.RereadAsync(default);
        await UntilAsync("ops", one => one.Error == "no-secret");
        Assert.Empty(calls);
    }

    [Fact]
    public void A47_What_is_sealed_for_one_purpose_opens_for_no_other_and_not_when_a_bit_is_turned()
    {
        var closed = seal.Seal("secret"u8, "ops");
        Assert.Equal("secret"u8.ToArray(), seal.Open(closed, "ops"));
        Assert.Null(seal.Open(closed, "other"));
        for (var i = 0; i < closed.Length; i++)
        {
            byte[] turned = [.. closed];
            turned[i] ^= 1;
            Assert.Null(seal.Open(turned, "ops"));
        }
        Assert.Null(seal.Open(closed.AsSpan(0, 27), "ops"));
        Assert.NotEqual(closed, seal.Seal("secret"u8, "ops"));
    }

    [Fact]
    public async Task A_webhook_that_is_removed_is_told_nothing_more_and_its_box_is_gone()
    {
        await AddAsync("ops");
        answer = (_, _) => Task.FromResult(Bad);
        await StartAsync();
        await post.OfferAsync(Alert(), "fired", default);
        await UntilAsync("ops", one => one.Attempts == 1);
        Assert.NotNull(await Book.RemoveAsync("ops", default));
        await post.RereadAsync(default);
        time.Advance(TimeSpan.FromHours(1));
        await post.OfferAsync(Alert(), "resolved", default);
        Assert.Single(calls);
        Assert.DoesNotContain(store.All, row => row.Kind.StartsWith("webhook", StringComparison.Ordinal));
        Assert.Null(await Book.RemoveAsync("ops", default));
    }

    private WebhookPost Fresh() => new(Book, SendAsync, () => 0.5, failures.Add, time);

    private Task<WebhookAnswer> SendAsync(WebhookCall call, CancellationToken cancellation)
    {
        calls.Enqueue(call);
        return answer(call, cancellation);
    }

    private async Task AddAsync(string name, string severity = "info") => Assert.Null((await Book.AddAsync(name, $"https://{name}.example/", severity, "ada", default)).Refused);

    private async Task StartAsync()
    {
        await post.TurnAsync(true);
        await post.RereadAsync(default);
    }

    /// <summary>To the moment of the next try; whoever waits for it is waiting already.</summary>
    private async Task AdvanceAsync()
    {
        await Eventually.TrueAsync(() => time.Timers > 0, "the courier to wait");
        // Read once: a try that was made meanwhile has a next one of its own.
        var next = (await Book.DeliveriesAsync("ops", default))[0].NextAt;
        while (next > time.GetUtcNow()) time.Advance(TimeSpan.FromMinutes(1));
        await post.RereadAsync(default);
    }

    private async Task UntilAsync(string name, Func<WebhookDelivery, bool> wanted)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!(await Book.DeliveriesAsync(name, default)).Any(wanted)) await tick.WaitForNextTickAsync(deadline.Token);
    }

    private static string Signature(WebhookCall call, string secret) => WebhookCall.Sign(call.Url, call.Id, DateTimeOffset.FromUnixTimeSeconds(call.Timestamp), call.Body, [Convert.FromBase64String(secret["whsec_".Length..])]).Signature;

    private static string? Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString();

    private static AlertView Alert(string severity = "critical") => new(
        "0123456789abcdef0123456789abcdef", "devices-failing", severity, "firing", "PCR 7 is not as expected", "41 devices: PCR 7 is not as expected", "status:failed", 41,
        [.. Enumerable.Range(1, 20).Select(i => new AlertDevice($"id-{i}", $"press-{i}", "oslo"))], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
