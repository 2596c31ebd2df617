using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Host.Settings;
using TrustMesh.Tests.Agent;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Host;

public class RevocationTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_revocation_is_on_its_way_to_every_watcher_when_it_is_answered()
    {
        const int Count = 200, Listening = 20;
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = new LimitSettings(EnrolmentRate: 100_000, DeviceRate: 1_000) });
        var token = await silo.JoinTokenAsync(Count);
        var watchers = new List<TestWatcher>();
        for (var i = 0; i < Count; i++)
        {
            var device = new TestDevice($"device-{i:d3}");
            device.Measure("/etc/app.conf", "good");
            await device.ConnectAsync(silo.Devices);
            await device.EnrolAsync(token);
            await device.ProveAsync();
            watchers.Add(new(device, silo) { Addresses = i < Listening ? [$"10.0.0.{i + 1}:7444"] : [] });
            await watchers[i].NextAsync();
        }
        // Everyone has everything and waits.
        foreach (var watcher in watchers.Take(Listening)) await watcher.CatchUpAsync(one => silo.Silo.Place.AssignmentAsync(one.Device.Id, CancellationToken.None).Result!.Serial == one.Peers?.Serial);
        var waiting = watchers.Select(watcher => watcher.NextAsync()).ToList();
        await WatchTests.WaitingAsync(silo, Count);

        var revoked = watchers[7];
        await silo.PostAsync<DeviceSummary>("devices/device-007/revoke", new Decision("stolen"));
        var listed = Assert.Single((await silo.GetAsync<RevocationView>("revocations")).Devices);
        var answers = await Task.WhenAll(waiting).WaitAsync(Deadline);
        // The very request that waited was answered, with the list, and with the assignment that goes with it.
        Assert.All(watchers, watcher => Assert.Equal((2L, StatusValue.Invalid), (watcher.List!.Serial, watcher.List.At(listed.Index))));
        Assert.All(answers, answer => Assert.NotNull(answer.StatusList));
        Assert.DoesNotContain(watchers, watcher => watcher.Peers?.Peers.Any(peer => peer.Device == revoked.Device.Id) == true && watcher != revoked);
        Assert.Contains(answers, answer => answer.Peers is not null);

        // The next request says that it is enforced.
        foreach (var watcher in watchers) watcher.EnforcedMs = 1;
        waiting = [.. watchers.Select(watcher => watcher.NextAsync())];
        await WatchTests.WaitingAsync(silo, Count);
        var view = await silo.GetAsync<PropagationView>("revocations/propagation?serial=2");
        Assert.Equal((2L, Count - 1, Count - 1, 0), (view.Serial, view.Devices, view.Acknowledged, view.Waiting.Count));
        Assert.Equal(Count - 1, view.Acks.Count);
        Assert.True(view.P50Ms <= view.P99Ms && view.P99Ms < Deadline.TotalMilliseconds);
        foreach (var watcher in watchers) watcher.Device.Dispose();
    }

    [Fact]
    public async Task A_suspended_device_is_on_the_list_until_it_is_resumed()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var watcher = new TestWatcher(device, silo);
        await watcher.NextAsync();
        var index = 1L;
        await silo.PostAsync<DeviceSummary>("devices/device-1/suspend", new Decision("odd"));
        await watcher.NextAsync();
        Assert.Equal(StatusValue.Suspended, watcher.List!.At(index));
        await silo.PostAsync<DeviceSummary>("devices/device-1/resume", new Decision("looked at"));
        await watcher.NextAsync();
        Assert.Equal(StatusValue.Valid, watcher.List.At(index));
        Assert.Empty((await silo.GetAsync<RevocationView>("revocations")).Devices);

        var history = await silo.GetAsync<List<RevocationIssue>>("revocations/history");
        Assert.Equal(["3 active looked at admin", "2 suspended odd admin"], history.SelectMany(list => list.Changes.Select(one => $"{list.Serial} {one.Standing} {one.Reason} {one.Actor}")));
        var lines = silo.Silo.Feed.Events.After(silo.Silo.Feed.Events.Oldest)!.Where(line => line.Kind == "revocation").Select(line => $"{line.Text} ({line.Actor})");
        Assert.Equal(["status list 2: suspended device-1: odd (admin)", "status list 3: resumed device-1: looked at (admin)"], lines);
        using var wrong = await silo.Operator.GetAsync("revocations/history?limit=0");
        Assert.Equal(400, (int)wrong.StatusCode);
    }

    [Fact]
    public async Task A30_Serials_rise_over_restarts_and_what_is_listed_stays_listed()
    {
        var time = new ShiftedTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        using var one = await silo.JoinAsync("one");
        using var two = await silo.JoinAsync("two");
        await silo.PostAsync<DeviceSummary>("devices/one/revoke", new Decision("stolen"));
        var before = await silo.GetAsync<RevocationView>("revocations");
        await silo.RestartAsync();
        var after = await silo.GetAsync<RevocationView>("revocations");
        Assert.Equal((before.Serial, before.Devices[0]), (after.Serial, Assert.Single(after.Devices)));
        await silo.PostAsync<DeviceSummary>("devices/two/suspend", new Decision("odd"));
        Assert.Equal(before.Serial + 1, (await silo.GetAsync<RevocationView>("revocations")).Serial);
        // Older than a quarter of the grace: signed anew at the start.
        await silo.RestartAsync(() => time.Ahead = TimeSpan.FromHours(7));
        var renewed = await silo.GetAsync<RevocationView>("revocations");
        Assert.Equal((before.Serial + 2, 2), (renewed.Serial, renewed.Devices.Count));
        Assert.Equal([before.Serial, before.Serial + 1], renewed.Devices.Select(device => device.Since));
    }

    [Fact]
    public async Task A35_Lists_that_a_device_never_saw_are_seen_by_operators()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("late");
        using var other = await silo.JoinAsync("other");
        using var silent = await silo.JoinAsync("silent");
        await device.ProveAsync();
        await silo.PostAsync<DeviceSummary>("devices/other/suspend", new Decision("odd"));
        await silo.PostAsync<DeviceSummary>("devices/other/revoke", new Decision("stolen"));
        var watcher = new TestWatcher(device, silo);
        await watcher.NextAsync();
        (watcher.Gaps, watcher.EnforcedMs) = (2, 3);
        _ = watcher.NextAsync();
        await WatchTests.WaitingAsync(silo, 1);
        var view = await silo.GetAsync<PropagationView>("revocations/propagation");
        Assert.Equal((3L, 2, 1), (view.Serial, view.Devices, view.Acknowledged));
        Assert.Equal(("late", 2L), (Assert.Single(view.Acks).Name, view.Acks[0].Gaps));
        Assert.Equal(["silent"], view.Waiting);
        using var unknown = await silo.Operator.GetAsync("revocations/propagation?serial=99");
        Assert.Equal(404, (int)unknown.StatusCode);
    }

    [Fact]
    public async Task After_a_restart_of_the_silo_devices_say_again_since_when_they_enforce()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("one");
        using var other = await silo.JoinAsync("two");
        await device.ProveAsync();
        await silo.PostAsync<DeviceSummary>("devices/two/revoke", new Decision("stolen"));
        var watcher = new TestWatcher(device, silo);
        await watcher.NextAsync();
        var enforced = DateTimeOffset.UtcNow;
        var issued = (await silo.GetAsync<RevocationView>("revocations")).IssuedAt;
        await silo.RestartAsync();
        Assert.Equal(0, (await silo.GetAsync<PropagationView>("revocations/propagation")).Acknowledged);
        await device.ConnectAsync(silo.Devices);
        await device.ProveAsync();
        watcher.EnforcedMs = (long)(DateTimeOffset.UtcNow - enforced).TotalMilliseconds;
        _ = watcher.NextAsync();
        await WatchTests.WaitingAsync(silo, 1);
        var ack = Assert.Single((await silo.GetAsync<PropagationView>("revocations/propagation")).Acks);
        // Nothing of the time the silo was away is in it, but for the way of this one request.
        Assert.InRange(ack.Milliseconds, 0, (long)(enforced - issued).TotalMilliseconds + 1_000);
    }

    [Fact]
    public async Task The_agent_that_ships_enforces_a_revocation_at_once_and_says_so()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var folder = new Folder();
        await using var life = new RunningLife(folder, silo.Devices, new RegisterRoot(), await silo.JoinTokenAsync());
        folder.Write("measured/app.conf", "good");
        await Eventually.TrueAsync(() => silo.Silo.Propagation.View(1, silo.Silo.Directory.Entries)?.Acknowledged == 1, "the first list to be enforced");
        using var other = await silo.JoinAsync("other");
        await silo.PostAsync<DeviceSummary>("devices/other/revoke", new Decision("stolen"));
        await Eventually.TrueAsync(() => silo.Silo.Propagation.View(2, silo.Silo.Directory.Entries)!.Acks.Count == 1, "the second list to be enforced");
        var view = await silo.GetAsync<PropagationView>("revocations/propagation");
        Assert.Equal((2L, "press-1", 0L), (view.Serial, Assert.Single(view.Acks).Name, view.Acks[0].Gaps));
    }

    [Fact]
    public async Task Peers_that_suspend_a_device_put_it_on_the_list()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        var now = DateTimeOffset.UtcNow;
        var words = Enumerable.Range(0, 3).Select(i => new PeerWord(DeviceId.FromRootKey([(byte)i]), $"peer-{i}", true, TrustTier.Contraindicated, "/etc/app.conf", now, now.AddMinutes(1)));
        var heard = await silo.Silo.Place.Twin(device.Id).HearAsync(new([], [.. words], 3), CancellationToken.None);
        Assert.Equal(Standing.Suspended, heard!.Standing);
        // Not later: before the verdicts that did it are acknowledged.
        Assert.Equal((2L, "suspended"), (silo.Silo.Status.InForce.Serial, Assert.Single(silo.Silo.Status.View().Devices).Standing));
        Assert.Equal("peers", (await silo.GetAsync<List<RevocationIssue>>("revocations/history"))[0].Changes[0].Actor);
    }

    [Fact]
    public async Task A_shorter_grace_is_followed_by_a_new_list()
    {
        var time = new ShiftedTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var watcher = new TestWatcher(device, silo);
        await watcher.NextAsync();
        time.Ahead = TimeSpan.FromMinutes(5);
        using var answer = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(GraceSeconds: 600));
        Assert.True(answer.IsSuccessStatusCode);
        await watcher.CatchUpAsync(one => one.List!.Serial == 2).WaitAsync(Deadline);
        Assert.Equal((150, 600), (watcher.List!.TtlSeconds, watcher.Policy!.PeerRules.GraceSeconds));
        Assert.Empty((await silo.GetAsync<List<RevocationIssue>>("revocations/history"))[0].Changes);
    }
}
