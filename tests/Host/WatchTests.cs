using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Cli;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Host;

public class WatchTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_device_gets_at_once_what_it_does_not_have_and_then_waits()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("device-1"));
        var watcher = new TestWatcher(device, silo) { Addresses = ["10.0.0.1:7444"] };
        var first = await watcher.NextAsync();
        Assert.Equal((1L, 1L), (watcher.Policy!.Serial, watcher.List!.Serial));
        Assert.Empty(watcher.Peers!.Peers);
        Assert.Single(first.References);
        var waiting = watcher.NextAsync();
        await WaitingAsync(silo, 1);
        Assert.False(waiting.IsCompleted);

        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("device-1"));
        Assert.Single((await waiting.WaitAsync(Deadline)).References);
        waiting = watcher.NextAsync();
        await WaitingAsync(silo, 1);
        using var update = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(LifetimeSeconds: 90));
        Assert.NotNull((await waiting.WaitAsync(Deadline)).Policy);
        Assert.Equal(90, watcher.Policy.LifetimeSeconds);
    }

    [Fact]
    public async Task Reference_values_of_models_it_asks_for_come_along()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var pump = new TestDevice("pump-1") { Model = "pump" };
        pump.Measure("/etc/pump.conf", "good");
        await pump.ConnectAsync(silo.Devices);
        await pump.EnrolAsync(await silo.JoinTokenAsync());
        await pump.ProveAsync();
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("pump-1"));
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var watcher = new TestWatcher(device, silo);
        await watcher.NextAsync();
        Assert.Empty(watcher.References);
        watcher.Ask("pump");
        watcher.Ask("nothing-of-that-name");
        await watcher.CatchUpAsync(seen => seen.References["pump"] > 0);
    }

    [Fact]
    public async Task Nothing_new_is_an_empty_answer_after_a_while()
    {
        await using var silo = await RunningSilo.StartAsync(time: new HurriedTime(TimeSpan.FromSeconds(25)));
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var watcher = new TestWatcher(device, silo);
        await watcher.CatchUpAsync(one => one.List is not null);
        var answer = await watcher.NextAsync().WaitAsync(Deadline);
        Assert.Equal([0xa0], answer.Encode());
        Assert.Equal(0, silo.Silo.Watchers.Waiting);
    }

    [Fact]
    public async Task A_newer_request_takes_the_place_of_the_older()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var watcher = new TestWatcher(device, silo);
        await watcher.NextAsync();
        var older = watcher.NextAsync();
        await WaitingAsync(silo, 1);
        using var again = new TestDevice("device-1", device.Root);
        await again.ConnectAsync(silo.Devices, key: device.SessionKey);
        var newer = again.PostAsync("/device/v1/watch", watcher.Request.Encode());
        Assert.Equal([0xa0], (await older.WaitAsync(Deadline)).Encode());
        Assert.False(newer.IsCompleted);
        await silo.PostAsync<DeviceSummary>("devices/device-1/suspend", new Decision("odd"));
        Assert.NotNull(WatchAnswer.Decode((await newer.WaitAsync(Deadline)).Body).StatusList);
    }

    [Fact]
    public async Task A37_Only_a_session_key_that_evidence_vouched_for_may_watch()
    {
        var time = new ShiftedTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        using var device = await silo.JoinAsync();
        var request = new WatchRequest(0, 0, 0, [], [], 0, 0).Encode();
        // Enrolled is not proven; a refused proof is none.
        Assert.Equal((HttpStatusCode.Forbidden, "not_proven"), await CodeAsync(device, request));
        var evidence = device.Prove(await device.ChallengeAsync());
        evidence[^1] ^= 1;
        await device.SendEvidenceAsync(evidence);
        Assert.Equal("not_proven", (await CodeAsync(device, request)).Code);
        await device.ProveAsync();
        Assert.Equal("", (await CodeAsync(device, request)).Code);

        // The key counts on any connection, another key on none, and only the newest of a device.
        using var other = new TestDevice("device-1", device.Root);
        await other.ConnectAsync(silo.Devices);
        Assert.Equal("not_proven", (await CodeAsync(other, request)).Code);
        await device.ConnectAsync(silo.Devices, key: ECDsa.Create(ECCurve.NamedCurves.nistP256));
        Assert.Equal("not_proven", (await CodeAsync(device, request)).Code);
        await device.ProveAsync();
        Assert.Equal("", (await CodeAsync(device, request)).Code);
        time.Ahead = TimeSpan.FromHours(25);
        Assert.Equal("not_proven", (await CodeAsync(device, request)).Code);
    }

    [Fact]
    public async Task A_device_that_waits_for_an_operator_learns_no_reference_values_and_no_peers()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var good = await silo.JoinAsync();
        await good.ProveAsync();
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("device-1"));
        using var device = new TestDevice("device-2");
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        await device.EnrolAsync(await silo.JoinTokenAsync(autoApprove: false));
        await device.ProveAsync();
        var watcher = new TestWatcher(device, silo) { Addresses = ["10.0.0.2:7444"] };
        watcher.Ask("sensor");
        var answer = await watcher.NextAsync();
        Assert.NotNull(watcher.Policy);
        Assert.NotNull(watcher.List);
        Assert.Empty(answer.References);
        Assert.Null(answer.Peers);
        Assert.Null(await silo.Silo.Place.AssignmentAsync(device.Id, default));
    }

    [Fact]
    public async Task Those_whose_peers_changed_are_told_without_asking()
    {
        await using var silo = await RunningSilo.StartAsync();
        var watchers = new List<TestWatcher>();
        for (var i = 1; i <= 3; i++)
        {
            var device = await silo.JoinAsync($"device-{i}");
            await device.ProveAsync();
            watchers.Add(new(device, silo) { Addresses = [$"10.0.0.{i}:7444"] });
            await watchers[^1].CatchUpAsync(one => one.Peers is not null);
        }
        await Task.WhenAll(watchers.Select(watcher => watcher.CatchUpAsync(one => one.Peers!.Peers.Count == 2))).WaitAsync(Deadline);
        Assert.Equal(["10.0.0.2:7444", "10.0.0.3:7444"], watchers[0].Peers!.Peers.Select(peer => Assert.Single(peer.Addresses)).Order());

        // All of it is there again after a restart, before a device has said a word.
        await silo.RestartAsync();
        foreach (var watcher in watchers) Assert.Equal(2, (await silo.Silo.Place.AssignmentAsync(watcher.Device.Id, default))!.Peers.Count);
        foreach (var watcher in watchers) watcher.Device.Dispose();
    }

    [Fact]
    public async Task An_operator_asks_a_device_to_examine_a_peer_now()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var one = await silo.JoinAsync("one");
        using var two = await silo.JoinAsync("two");
        await one.ProveAsync();
        Assert.Equal("conflict", (await silo.ProblemAsync(silo.Operator, "edges/one/two/examine", new { })).Code);
        var watcher = new TestWatcher(one, silo);
        await watcher.NextAsync();
        var waiting = watcher.NextAsync();
        await WaitingAsync(silo, 1);
        using (var asked = await silo.Operator.PostAsync("edges/one/two/examine", null)) Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        Assert.Equal([two.Id], (await waiting.WaitAsync(Deadline)).Examine);
        Assert.Contains(silo.Silo.Feed.Events.After(silo.Silo.Feed.Events.Oldest)!, line => line is { Kind: "peer", Actor: "admin", Text: "one is asked to examine two now" });

        Assert.Equal("not_found", (await silo.ProblemAsync(silo.Operator, "edges/one/nobody/examine", new { })).Code);
        Assert.Equal("not_found", (await silo.ProblemAsync(silo.Operator, "edges/nobody/one/examine", new { })).Code);
        Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "edges/one/one/examine", new { })).Code);
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 10; i++)
        {
            using var asked = await silo.Operator.PostAsync("edges/one/two/examine", null);
            codes.Add(asked.StatusCode);
        }
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
    }

    [Fact]
    public async Task An_operator_asks_a_device_to_prove_itself_now_and_a_shell_waits_for_what_it_proves()
    {
        var time = new JumpingTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        using var one = await silo.JoinAsync("one");
        await one.ProveAsync();
        Assert.Contains("is not connected", (await silo.ProblemAsync(silo.Operator, "devices/one/attest", new { })).Detail);
        var code = await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("olga", "operator"));
        var shell = new CliRun { Input = code.Code, ["TRUSTMESH_SILO"] = silo.Process.OperatorAddress.ToString() };
        Assert.True(await shell.RunAsync("sign-in") == 0, shell.Error);
        Assert.Equal(5, await shell.RunAsync("device", "attest", "one"));
        var watcher = new TestWatcher(one, silo);
        await watcher.NextAsync();
        // Nothing to compare with yet: proven, and not trusted. Then with reference values.
        foreach (var exit in (int[])[6, 0])
        {
            var waiting = watcher.NextAsync();
            await WaitingAsync(silo, 1);
            // It was asked just now.
            time.Jump(TimeSpan.FromSeconds(2));
            var asked = shell.RunAsync("device", "attest", "one", "--wait", "--json");
            Assert.Equal([one.Id], (await waiting.WaitAsync(Deadline)).Examine);
            await one.ProveAsync();
            Assert.True(await asked.WaitAsync(Deadline) == exit, shell.Error);
            Assert.Contains("\"name\":\"one\"", shell.Output, StringComparison.Ordinal);
            if (exit == 0) break;
            await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("one"));
            await watcher.CatchUpAsync(one => one.References.Count > 0);
        }
        Assert.Contains(silo.Silo.Feed.Events.After(silo.Silo.Feed.Events.Oldest)!, line => line is { Kind: "operator", Actor: "olga", Text: "asked one to prove itself now" });
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 10; i++)
        {
            using var again = await silo.Operator.PostAsync("devices/one/attest", null);
            codes.Add(again.StatusCode);
        }
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
        Assert.Equal("not_found", (await silo.ProblemAsync(silo.Operator, "devices/nobody/attest", new { })).Code);
        await silo.PostAsync<DeviceSummary>("devices/one/revoke", new Decision("sold"));
        Assert.Contains("was revoked", (await silo.ProblemAsync(silo.Operator, "devices/one/attest", new { })).Detail);
    }

    [Fact]
    public async Task A_silo_that_stops_lets_go_of_those_who_wait()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var watcher = new TestWatcher(device, silo);
        await watcher.NextAsync();
        var waiting = watcher.NextAsync();
        await WaitingAsync(silo, 1);
        var stopping = silo.Process.DisposeAsync().AsTask();
        Assert.Equal([0xa0], (await waiting.WaitAsync(Deadline)).Encode());
        await stopping.WaitAsync(Deadline);
    }

    /// <summary>So many devices wait: what happens from here on wakes them.</summary>
    internal static Task WaitingAsync(RunningSilo silo, int count)
        => Eventually.TrueAsync(() => silo.Silo.Watchers.Waiting == count, $"{count} devices to wait");

    private static async Task<(HttpStatusCode Status, string Code)> CodeAsync(TestDevice device, byte[] request)
    {
        var (status, _, code) = await device.PostAsync("/device/v1/watch", request);
        return (status, code);
    }
}
