using System.Text;
using System.Text.Json;
using TrustMesh.Agent.Door;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>What applications ask and are told, over a real socket.</summary>
public sealed class DoorTests : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly Folder folder = new();
    private readonly ManualTime time = new();

    [Fact]
    public async Task Says_of_an_accepted_peer_what_DOOR_md_says()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        var peer = door.Book.Put(SomePeer.Named("sensor-1").Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        await talk.SendAsync("""{"ask":"10.0.0.5"}""" + "\n");
        Assert.Equal($$"""{"peer":"{{peer.Device}}","name":"sensor-1","site":"harbour","allowed":true,"verdict":"affirming","tier":"tpm-quote","judged":"2026-01-02T03:04:05Z","expires":"2026-01-02T03:09:05Z","address":"10.0.0.5","reason":null}""",
            await talk.LineAsync());
    }

    [Fact]
    public async Task Finds_a_peer_by_id_short_id_name_and_address()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        var peer = door.Book.Put(SomePeer.Named("sensor-1", "10.0.0.5:7444").Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime, "10.0.0.6"));
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        foreach (var name in new[] { peer.Device.Text, peer.Device.Short, "sensor-1", "10.0.0.6", "10.0.0.6:80", "::ffff:10.0.0.6" })
            Assert.Equal(peer.Device.Text, (await talk.AskAsync($$"""{"ask":"{{name}}"}""")).GetProperty("peer").GetString());
        foreach (var name in new[] { "10.0.0.5", "10.0.0.5:7444", "sensor-1" }) Assert.Equal(peer.Device.Text, (await talk.AskAsync($$"""{"show":"{{name}}"}""")).GetProperty("peer").GetString());
    }

    [Theory]
    [InlineData("10.0.0.5")]
    [InlineData("10.0.0.5:7444")]
    [InlineData("10.5")]
    [InlineData("db.example")]
    [InlineData("db.example:7444")]
    public async Task A34_A_peer_speaks_for_no_address_but_the_one_it_proved_itself_from(string stranger)
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        // What it says of itself: a name that looks like an address, and addresses where it does not listen.
        door.Book.Put(SomePeer.Named(stranger.Contains("db", StringComparison.Ordinal) ? "sensor-1" : stranger.Split(':')[0], stranger) with { Addresses = ["10.0.0.5:7444", "db.example:7444"], SeenAt = System.Net.IPAddress.Parse("10.0.0.6") });
        door.Book.Put(door.Book.All[0].Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime, "10.0.0.6"));
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        Assert.False((await talk.AskAsync($$"""{"ask":"{{stranger}}"}""")).GetProperty("allowed").GetBoolean());
        Assert.True((await talk.AskAsync("""{"ask":"10.0.0.6"}""")).GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task An_address_two_devices_share_is_nobodys()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        foreach (var name in new[] { "sensor-1", "sensor-2" }) door.Book.Put(SomePeer.Named(name).Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime, "10.0.0.6"));
        Assert.False((await DoorTalk.AskAsync(door.Path, """{"ask":"10.0.0.6"}""")).GetProperty("allowed").GetBoolean());
    }

    [Theory]
    [InlineData("sensor-9")]
    [InlineData("10.0.0.")]
    [InlineData("sensor")]
    public async Task A_peer_nobody_knows_is_not_allowed(string name)
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        door.Book.Put(SomePeer.Named("sensor-1").Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        foreach (var member in new[] { "ask", "show" })
        {
            var answer = await DoorTalk.AskAsync(door.Path, $$"""{"{{member}}":"{{name}}"}""");
            Assert.Equal((JsonValueKind.Null, false, "unknown"), (answer.GetProperty("peer").ValueKind, answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("verdict").GetString()));
            Assert.Contains(name, answer.GetProperty("reason").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(TrustTier.Affirming, true, "affirming")]
    [InlineData(TrustTier.Warning, true, "warning")]
    [InlineData(TrustTier.Contraindicated, false, "contraindicated")]
    [InlineData(TrustTier.None, false, "none")]
    public async Task Every_verdict_has_its_word_and_only_two_of_them_allow(TrustTier status, bool allowed, string word)
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        door.Book.Put(SomePeer.Named("sensor-1").Judged(status, time.GetUtcNow(), Lifetime, because: new Finding("file.digest", "/app/x", "aa", "bb", "reference sensor #4", Outcome.Fail)));
        var answer = await DoorTalk.AskAsync(door.Path, """{"ask":"sensor-1"}""");
        Assert.Equal((allowed, word), (answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("verdict").GetString()));
        Assert.Equal(status == TrustTier.Affirming ? null : "file.digest /app/x: expected aa, got bb.", answer.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_peer_that_was_not_examined_is_not_allowed()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        door.Book.Put(SomePeer.Named("sensor-1"));
        var answer = await DoorTalk.AskAsync(door.Path, """{"ask":"sensor-1"}""");
        Assert.Equal((false, "unknown", JsonValueKind.Null), (answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("verdict").GetString(), answer.GetProperty("tier").ValueKind));
    }

    [Fact]
    public async Task A22_A_verdict_that_has_run_out_allows_nothing()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        door.Book.Put(SomePeer.Named("sensor-1").Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        time.Advance(Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.True((await talk.AskAsync("""{"ask":"sensor-1"}""")).GetProperty("allowed").GetBoolean());
        time.Advance(TimeSpan.FromMilliseconds(1));
        var answer = await talk.AskAsync("""{"ask":"sensor-1"}""");
        Assert.Equal((false, "expired"), (answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("verdict").GetString()));
        Assert.Contains("2026-01-02T03:09:05Z", answer.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_everyone_and_says_when_that_is_all()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        foreach (var name in new[] { "sensor-2", "sensor-1" }) door.Book.Put(SomePeer.Named(name));
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        Assert.Equal("sensor-1", (await talk.AskAsync("""{"list":true}""")).GetProperty("name").GetString());
        Assert.Equal("sensor-2", (await talk.NextAsync()).GetProperty("name").GetString());
        Assert.Equal("""{"end":true}""", await talk.LineAsync());
    }

    [Fact]
    public async Task Shows_everything_behind_a_verdict()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        door.Book.Put(SomePeer.Named("sensor-1").Judged(TrustTier.Contraindicated, time.GetUtcNow(), Lifetime, because: new Finding("file.digest", "/app/x", "aa", "bb", "reference sensor #4", Outcome.Fail)));
        var detail = await DoorTalk.AskAsync(door.Path, """{"show":"sensor-1"}""");
        Assert.Equal((37, "sensor", true), (detail.GetProperty("passed").GetInt32(), detail.GetProperty("model").GetString(), detail.GetProperty("assigned").GetBoolean()));
        Assert.Equal("""{"check":"file.digest","claim":"/app/x","expected":"aa","got":"bb","rule":"reference sensor #4","outcome":"fail"}""", detail.GetProperty("because")[0].GetRawText());
    }

    [Fact]
    public async Task A_subscriber_hears_of_the_present_of_every_change_and_of_the_clock()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        var peer = door.Book.Put(SomePeer.Named("sensor-1"));
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        Assert.Equal("unknown", (await talk.AskAsync("""{"subscribe":true}""")).GetProperty("verdict").GetString());
        Assert.Equal("""{"end":true}""", await talk.LineAsync());
        door.Book.Put(peer.Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        Assert.True((await talk.NextAsync()).GetProperty("allowed").GetBoolean());
        time.Advance(Lifetime - TimeSpan.FromSeconds(1));
        door.Book.Put(peer.Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        Assert.Equal("2026-01-02T03:14:04Z", (await talk.NextAsync()).GetProperty("expires").GetString());
        // The first judgement's end passes and says nothing: there is a newer one.
        time.Advance(Lifetime);
        Assert.Equal((false, "expired"), await talk.NextAsync() is var expired ? (expired.GetProperty("allowed").GetBoolean(), expired.GetProperty("verdict").GetString()) : default);
        door.Book.Put(peer.Judged(TrustTier.Contraindicated, time.GetUtcNow(), Lifetime));
        Assert.Equal("contraindicated", (await talk.NextAsync()).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task A_subscriber_hears_of_a_clock_that_was_set_forward_within_ten_seconds()
    {
        var ahead = new Host.ShiftedTime();
        await using var door = await RunningDoor.OpenAsync(folder, ahead);
        door.Book.Put(SomePeer.Named("sensor-1").Judged(TrustTier.Affirming, ahead.GetUtcNow(), Lifetime));
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        Assert.True((await talk.AskAsync("""{"subscribe":true}""")).GetProperty("allowed").GetBoolean());
        await talk.NextAsync();
        ahead.Ahead = Lifetime;
        Assert.False((await talk.NextAsync()).GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task A_subscription_ends_with_the_connection_or_with_another_word()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time);
        using (var talk = await DoorTalk.ConnectAsync(door.Path))
        {
            await talk.AskAsync("""{"subscribe":true}""");
            Assert.Contains("changes only", (await talk.AskAsync("""{"ask":"x"}""")).GetProperty("error").GetString(), StringComparison.Ordinal);
            Assert.Null(await talk.LineAsync());
        }
        using (var talk = await DoorTalk.ConnectAsync(door.Path)) await talk.AskAsync("""{"subscribe":true}""");
        using var asks = await DoorTalk.ConnectAsync(door.Path);
        await Eventually.TrueAsync(() => asks.AskAsync("""{"status":true}""").GetAwaiter().GetResult().GetProperty("subscriptions").GetInt32() == 0, "the subscription to end");
    }

    [Fact]
    public async Task Lines_are_answered_alike_wherever_the_stream_is_cut()
    {
        await using var door = await RunningDoor.OpenAsync(folder, limits: DoorLimits.Usual with { Requests = 100_000 });
        door.Book.Put(SomePeer.Named("sensor-1"));
        var text = Encoding.UTF8.GetBytes("""{"ask":"sensor-1"}""" + "\n\n" + """{"ask":"größe"}""" + "\r\n" + """{"status":true}""" + "\n");
        for (var cut = 0; cut <= text.Length; cut++)
        {
            using var talk = await DoorTalk.ConnectAsync(door.Path);
            await talk.SendAsync(text.AsMemory(0, cut));
            // An answer to a second connection shows that the first part was taken, or could have been.
            await DoorTalk.AskAsync(door.Path, """{"status":true}""");
            await talk.SendAsync(text.AsMemory(cut));
            talk.EndInput();
            Assert.Equal("sensor-1", (await talk.NextAsync()).GetProperty("name").GetString());
            Assert.Contains("one JSON object", (await talk.NextAsync()).GetProperty("error").GetString(), StringComparison.Ordinal);
            Assert.Contains("größe", (await talk.NextAsync()).GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.Equal(1, (await talk.NextAsync()).GetProperty("peers").GetInt32());
            Assert.Null(await talk.LineAsync());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"ask":null}""")]
    [InlineData("""{"ask":"a","list":true}""")]
    [InlineData("""{"ask":"a","ask":"b"}""")]
    [InlineData("""{"Ask":"a"}""")]
    [InlineData("""{"ask":"a","more":1}""")]
    [InlineData("""{"ask":1}""")]
    [InlineData("""{"ask":""}""")]
    [InlineData("""{"ask":"a\u001b[2J"}""")]
    [InlineData("""{"ask":{"a":{"b":{"c":{"d":1}}}}}""")]
    [InlineData("""{"list":false}""")]
    [InlineData("""{"list":"true"}""")]
    [InlineData("""{"ask":"a"} {"ask":"b"}""")]
    [InlineData("""{"ask":"a",}""")]
    public async Task A_line_that_is_no_question_is_told_so_and_the_next_is_answered(string line)
    {
        await using var door = await RunningDoor.OpenAsync(folder);
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        Assert.NotEmpty((await talk.AskAsync(line)).GetProperty("error").GetString()!);
        Assert.Equal(0, (await talk.AskAsync("""{"status":true}""")).GetProperty("peers").GetInt32());
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_an_error()
    {
        await using var door = await RunningDoor.OpenAsync(folder);
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        await talk.SendAsync((byte[])[.. "{\"ask\":\""u8, 0xff, 0xc0, .. "\"}\n"u8]);
        Assert.NotEmpty((await talk.NextAsync()).GetProperty("error").GetString()!);
    }

    [Theory]
    [InlineData(DoorRequestLine, false)]
    [InlineData(DoorRequestLine + 1, true)]
    public async Task A42_A_line_has_4096_bytes_at_most(int length, bool cut)
    {
        await using var door = await RunningDoor.OpenAsync(folder);
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        const string question = """{"status":true}""";
        var answer = await talk.AskAsync(question + new string(' ', length - question.Length));
        Assert.Equal(cut, answer.TryGetProperty("error", out _));
        if (cut) Assert.Null(await talk.LineAsync());
        else Assert.Equal(0, (await talk.AskAsync(question)).GetProperty("peers").GetInt32());
    }

    public void Dispose() => folder.Dispose();

    private const int DoorRequestLine = 4096;
}
