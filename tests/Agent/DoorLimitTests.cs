using System.Text.Json;
using TrustMesh.Agent.Door;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>An application that asks too much, reads too little or goes away harms nobody but itself.</summary>
public sealed class DoorLimitTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly ManualTime time = new();

    [Fact]
    public async Task A42_More_applications_than_there_are_places_are_turned_away_and_told()
    {
        await using var door = await RunningDoor.OpenAsync(folder, limits: DoorLimits.Usual with { Connections = 3 });
        var inside = new List<DoorTalk>();
        for (var i = 0; i < 3; i++)
        {
            inside.Add(await DoorTalk.ConnectAsync(door.Path));
            await inside[i].AskAsync("""{"status":true}""");
        }
        using (var late = await DoorTalk.ConnectAsync(door.Path))
        {
            Assert.Contains("3 applications", (await late.NextAsync()).GetProperty("error").GetString(), StringComparison.Ordinal);
            Assert.Null(await late.LineAsync());
        }
        inside[0].Dispose();
        await Eventually.TrueAsync(() => !DoorTalk.AskAsync(door.Path, """{"status":true}""").GetAwaiter().GetResult().TryGetProperty("error", out _), "a place to become free");
        inside.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task A42_Who_asks_too_fast_waits_and_loses_no_answer()
    {
        await using var door = await RunningDoor.OpenAsync(folder, time, limits: DoorLimits.Usual with { Requests = 2 });
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        await talk.SendAsync(string.Concat(Enumerable.Repeat("""{"status":true}""" + "\n", 3)));
        await talk.NextAsync();
        await talk.NextAsync();
        var third = talk.NextAsync();
        // Another connection has its own measure.
        await DoorTalk.AskAsync(door.Path, """{"status":true}""");
        Assert.False(third.IsCompleted);
        await Eventually.TrueAsync(() => { time.Advance(TimeSpan.FromMilliseconds(100)); return third.IsCompleted; }, "the third answer");
        Assert.Equal(0, (await third).GetProperty("peers").GetInt32());
    }

    [Fact]
    public async Task A42_A_subscriber_that_does_not_read_is_cut_and_holds_up_nobody()
    {
        await using var door = await RunningDoor.OpenAsync(folder, limits: DoorLimits.Usual with { Waiting = 8, Write = TimeSpan.FromMilliseconds(500) });
        var peer = door.Book.Put(SomePeer.Named("sensor-1"));
        using var lazy = await DoorTalk.ConnectAsync(door.Path);
        await lazy.AskAsync("""{"subscribe":true}""");
        using var asks = await DoorTalk.ConnectAsync(door.Path);
        for (var i = 0; i < 5000; i++) door.Book.Put(peer.Judged(TrustTier.Affirming, DateTimeOffset.UnixEpoch.AddSeconds(i), TimeSpan.FromDays(40_000)));
        await Eventually.TrueAsync(() => asks.AskAsync("""{"status":true}""").GetAwaiter().GetResult() is var status && status.GetProperty("subscriptions").GetInt32() == 0 && status.GetProperty("connections").GetInt32() == 1, "the subscriber to be cut");
        Assert.Contains("read too slowly", door.Log, StringComparison.Ordinal);
        // What was sent before is whole lines; one that was cut may be the last, and then it ends.
        string? line;
        while ((line = await lazy.LineAsync()) is not null && line.EndsWith('}')) JsonDocument.Parse(line).Dispose();
        if (line is not null) Assert.Null(await lazy.LineAsync());
    }

    [Fact]
    public async Task An_application_that_goes_away_in_the_middle_of_an_answer_is_forgotten()
    {
        await using var door = await RunningDoor.OpenAsync(folder);
        for (var i = 0; i < 500; i++) door.Book.Put(SomePeer.Named($"sensor-{i}"));
        for (var i = 0; i < 20; i++)
        {
            using var talk = await DoorTalk.ConnectAsync(door.Path);
            await talk.SendAsync("""{"list":true}""" + "\n" + """{"list":true}""" + "\n" + """{"lis""");
        }
        using var asks = await DoorTalk.ConnectAsync(door.Path);
        await Eventually.TrueAsync(() => asks.AskAsync("""{"status":true}""").GetAwaiter().GetResult().GetProperty("connections").GetInt32() == 1, "the others to be forgotten");
        Assert.DoesNotContain("mistake", door.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examines_on_request_and_answers_with_everything_behind_the_verdict()
    {
        var asked = "";
        await using var door = await RunningDoor.OpenAsync(folder, time, (host, _) =>
        {
            asked = host;
            return Task.FromResult(SomePeer.Named("sensor-1").Judged(TrustTier.Affirming, time.GetUtcNow(), TimeSpan.FromMinutes(5)));
        });
        var answer = await DoorTalk.AskAsync(door.Path, """{"examine":"10.0.0.5:7444"}""");
        Assert.Equal(("10.0.0.5:7444", true, 37, 0), (asked, answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("passed").GetInt32(), answer.GetProperty("because").GetArrayLength()));
    }

    [Fact]
    public async Task An_examination_that_fails_says_why()
    {
        await using var door = await RunningDoor.OpenAsync(folder, examine: (host, _) => throw new IOException($"Nobody answers at {host}. Look whether its agent runs."));
        Assert.Equal("Nobody answers at 10.0.0.9. Look whether its agent runs.", (await DoorTalk.AskAsync(door.Path, """{"examine":"10.0.0.9"}""")).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_mistake_in_an_examination_ends_neither_the_door_nor_the_agent()
    {
        await using var door = await RunningDoor.OpenAsync(folder, examine: (_, _) => throw new InvalidOperationException("a mistake"));
        var answer = await DoorTalk.AskAsync(door.Path, """{"examine":"10.0.0.9"}""");
        Assert.Contains("journal", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("a mistake", door.Log, StringComparison.Ordinal);
        Assert.Equal(0, (await DoorTalk.AskAsync(door.Path, """{"status":true}""")).GetProperty("peers").GetInt32());
    }

    [Fact]
    public async Task A42_Examinations_are_few_because_each_costs_the_root_a_signature()
    {
        var gate = new TaskCompletionSource<KnownPeer>();
        var runs = 0;
        await using var door = await RunningDoor.OpenAsync(folder, time, (_, _) => { Interlocked.Increment(ref runs); return gate.Task; }, DoorLimits.Usual with { Examinations = 2, ExaminationsPerMinute = 60 });
        var talks = new List<DoorTalk>();
        var answers = new List<Task<JsonElement>>();
        for (var i = 0; i < 2; i++)
        {
            talks.Add(await DoorTalk.ConnectAsync(door.Path));
            answers.Add(talks[i].AskAsync("""{"examine":"10.0.0.5"}"""));
        }
        await Eventually.TrueAsync(() => Volatile.Read(ref runs) == 2, "two examinations");
        Assert.Contains("Too many", (await DoorTalk.AskAsync(door.Path, """{"examine":"10.0.0.5"}""")).GetProperty("error").GetString(), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("under way", (await DoorTalk.AskAsync(door.Path, """{"examine":"10.0.0.5"}""")).GetProperty("error").GetString(), StringComparison.Ordinal);
        gate.SetResult(SomePeer.Named("sensor-1").Judged(TrustTier.Affirming, time.GetUtcNow(), TimeSpan.FromMinutes(5)));
        foreach (var answer in answers) Assert.True((await answer).GetProperty("allowed").GetBoolean());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await DoorTalk.AskAsync(door.Path, """{"examine":"10.0.0.5"}""")).GetProperty("allowed").GetBoolean());
        Assert.Equal(3, runs);
        talks.ForEach(talk => talk.Dispose());
    }

    [Fact]
    public async Task An_examination_that_hangs_is_given_up()
    {
        var began = new TaskCompletionSource();
        await using var door = await RunningDoor.OpenAsync(folder, time, async (_, stop) =>
        {
            began.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            return SomePeer.Named("never");
        });
        using var talk = await DoorTalk.ConnectAsync(door.Path);
        var answer = talk.AskAsync("""{"examine":"10.0.0.9"}""");
        await began.Task;
        time.Advance(TimeSpan.FromSeconds(76));
        Assert.Contains("within 75 s", (await answer).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
