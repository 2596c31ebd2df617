using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <summary>What needs two silos: whichever of them is asked, and wherever the twin is.</summary>
public sealed class PairTests
{
    /// <summary>So many that some have their home at each silo.</summary>
    private const int Devices = 8;

    [Fact]
    public async Task Errors_of_a_twin_at_another_silo_are_the_same_answers()
    {
        await using var pair = await PairOfSilos.StartAsync();
        var devices = await JoinAsync(pair);
        foreach (var device in devices)
            foreach (var silo in pair.Both)
            {
                // Somebody else moved the twin.
                using var request = new HttpRequestMessage(HttpMethod.Post, $"devices/{device.Id.Text}/revoke") { Content = JsonContent.Create(new Decision("why")) };
                request.Headers.TryAddWithoutValidation("If-Match", "\"99\"");
                using var answer = await silo.Operator.SendAsync(request);
                Assert.Equal((HttpStatusCode.Conflict, "conflict"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<Problem>())!.Code));
            }
        foreach (var device in devices)
        {
            await pair.One.ReplaceAsync(device.Id, [0, 255], []);
            // The twin that is in memory finds out when it writes; then it goes, and nobody can read what is stored.
            await Assert.ThrowsAsync<StaleTwinException>(() => pair.Two.Silo.Place.Twin(device.Id).RefuseAsync([new("check", "claim", "a", "b", "rule", Outcome.Fail)], default));
            foreach (var silo in pair.Both)
            {
                await RunningCluster.EventuallyAsync(async () => (await silo.Operator.GetAsync($"devices/{device.Id.Text}")).StatusCode, status => status == HttpStatusCode.ServiceUnavailable);
                using var answer = await silo.Operator.GetAsync($"devices/{device.Id.Text}");
                Assert.Contains("backup", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                var thrown = await Assert.ThrowsAsync<UnreadableTwinException>(() => silo.Silo.Place.Twin(device.Id).ReadAsync(default));
                Assert.Contains(device.Id.Text, thrown.Message, StringComparison.Ordinal);
            }
        }
        devices.ForEach(device => device.Dispose());
    }

    [Fact]
    public async Task An_alert_fires_once_is_taken_on_at_the_silo_that_does_not_watch_and_goes_on_when_the_other_stops()
    {
        await using var pair = await PairOfSilos.StartAsync();
        using var device = await pair.One.JoinAsync("press-1");
        await pair.One.PutAsync("alerts/rules/newcomers", new AlertRuleUpdate("name:press-1", "info"));
        var fired = await RunningCluster.EventuallyAsync(() => pair.Two.GetAsync<IReadOnlyList<AlertView>>("alerts"), alerts => alerts.Count == 1);
        var holder = System.Text.Encoding.UTF8.GetString((await pair.One.Silo.Records.ReadAsync("alert-lease", "mesh", default))!.Value.Span);
        var watching = pair.Both.Single(silo => silo.Silo.Key.Id.Text == holder);
        var other = pair.Both.Single(silo => silo != watching);
        await other.PostAsync<AlertView>($"alerts/{fired[0].Id}/acknowledge", new AlertNote("on it"));
        await RunningCluster.EventuallyAsync(() => watching.GetAsync<AlertCounts>("alerts/counts"), counts => counts == new AlertCounts(0, 1, 0));
        await watching.StopAsync();
        using var removed = await other.Operator.DeleteAsync("alerts/rules/newcomers");
        var all = await RunningCluster.EventuallyAsync(() => other.GetAsync<IReadOnlyList<AlertView>>("alerts"), alerts => alerts.All(one => one.State == "resolved"));
        Assert.Equal((fired[0].Id, "on it"), (Assert.Single(all).Id, all[0].Acknowledged?.Note));
    }

    [Fact]
    public async Task A_device_is_asked_to_prove_itself_by_way_of_the_silo_it_is_not_connected_to()
    {
        await using var pair = await PairOfSilos.StartAsync();
        using var device = await pair.Two.JoinAsync("press-1");
        await device.ProveAsync();
        var watcher = new TestWatcher(device, pair.Two);
        await watcher.NextAsync();
        var waiting = watcher.NextAsync();

        // Not connected, until it waits; and once a second at most.
        await RunningCluster.EventuallyAsync(AskAsync, status => status == HttpStatusCode.Accepted);

        Assert.Equal([device.Id], (await waiting.WaitAsync(TimeSpan.FromSeconds(20))).Examine);

        async Task<HttpStatusCode> AskAsync()
        {
            using var answer = await pair.One.Operator.PostAsync("devices/press-1/attest", null);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Findings_reach_a_twin_at_another_silo_whatever_kind_of_list_they_are_in()
    {
        await using var pair = await PairOfSilos.StartAsync();
        var devices = await JoinAsync(pair);
        Finding one = new("check", "claim", "a", "b", "rule", Outcome.Fail);
        foreach (var device in devices)
        {
            var twin = pair.Two.Silo.Place.Twin(device.Id);
            foreach (var findings in new IReadOnlyList<Finding>[] { new[] { one }, new List<Finding> { one }, ImmutableArray.Create(one), [one] }) await twin.RefuseAsync(findings, default);
            IReadOnlyList<TwinEvent> lines = [new(DateTimeOffset.UtcNow, EventKind.Peer, "a peer judges", TwinEvent.Peers)];
            Assert.NotNull(await twin.HearAsync(new(lines, [], 0), default));
        }
        devices.ForEach(device => device.Dispose());
    }

    [Fact]
    public async Task A42_Enrolments_of_one_address_are_counted_at_all_silos_together()
    {
        await using var pair = await PairOfSilos.StartAsync(settings => settings with { Limits = settings.Limits with { EnrolmentRate = 1 } });
        using var one = new TestDevice("one");
        using var two = new TestDevice("two");
        await one.ConnectAsync(pair.One.Devices);
        await two.ConnectAsync(pair.Two.Devices);
        var (clock, taken) = (Stopwatch.StartNew(), 0);
        for (var i = 0; i < 30; i++)
            foreach (var device in (TestDevice[])[one, two])
            {
                var (_, _, code) = await device.PostAsync("/device/v1/enrol", [0xff]);
                if (code == "malformed") taken++;
                else Assert.Equal("busy", code);
            }
        // Two in a burst and one a second, and not twice of both.
        Assert.InRange(taken, 2, 3 + clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public async Task A42_Failed_sign_ins_of_one_address_are_counted_at_all_silos_together()
    {
        await using var pair = await PairOfSilos.StartAsync();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(pair.One));
        var tries = 0;
        while (await TryAsync(pair.Two) == HttpStatusCode.Unauthorized) tries++;
        // Thirty a minute of both: ten are left, what came back meanwhile, and the one by which the silo learns of it.
        Assert.InRange(tries, 8, 12 + (clock.Elapsed.TotalSeconds / 2));

        static async Task<HttpStatusCode> TryAsync(RunningSilo silo)
        {
            using var anyone = silo.Client(null);
            using var answer = await anyone.PostAsJsonAsync("session", new SignIn("tmc_wrong"));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A42_A_rate_is_one_for_all_silos_and_comes_back_with_time()
    {
        await using var pair = await PairOfSilos.StartAsync();
        var taken = 0;
        for (var i = 0; i < 10; i++)
            foreach (var silo in pair.Both)
                if (await silo.Silo.Place.TryTakeAsync("test", "10.0.0.1", 5, TimeSpan.FromHours(1), default)) taken++;
        Assert.Equal(5, taken);
        // Another address and another purpose have their own.
        Assert.True(await pair.Two.Silo.Place.TryTakeAsync("test", "10.0.0.2", 5, TimeSpan.FromHours(1), default));
        Assert.True(await pair.Two.Silo.Place.TryTakeAsync("other", "10.0.0.1", 5, TimeSpan.FromHours(1), default));
        Assert.True(await pair.One.Silo.Place.TryTakeAsync("quick", "10.0.0.1", 1, TimeSpan.FromMilliseconds(20), default));
        await RunningCluster.EventuallyAsync(async () => await pair.Two.Silo.Place.TryTakeAsync("quick", "10.0.0.1", 1, TimeSpan.FromMilliseconds(20), default), again => again);
    }

    private static async Task<List<TestDevice>> JoinAsync(PairOfSilos pair)
    {
        var devices = new List<TestDevice>();
        for (var i = 0; i < Devices; i++)
        {
            var device = await pair.Both[i % 2].JoinAsync($"device-{i}");
            await device.ProveAsync();
            devices.Add(device);
        }
        return devices;
    }
}
