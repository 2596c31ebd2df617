using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Cli;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>The storage is slow, takes no writes, or is away: everybody is told so, nobody is told something else, and nothing that was said yes to is lost.</summary>
public abstract class StorageFaults(TwoSilos fixture)
{
    private RunningCluster Mesh => fixture.Cluster;

    private FaultyRoad Road => fixture.ToStorage;

    [Fact]
    public async Task A_slow_storage_makes_everything_slow_and_nothing_wrong()
    {
        using var device = await Mesh.JoinAsync(0, "patient");
        Road.Delay = TimeSpan.FromMilliseconds(300);
        try
        {
            for (var silo = 0; silo < 2; silo++)
            {
                await device.ConnectAsync(Mesh[silo].Devices);
                device.Measure($"/slow-{silo}", "good");
                Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
            }
            await Mesh.PostAsync<DeviceSummary>(1, $"devices/{device.Id.Text}/suspend", new Decision("looked odd"));
        }
        finally
        {
            Road.Delay = TimeSpan.Zero;
        }
        await RunningCluster.EventuallyAsync(() => SilosAsync(0), all => all.Where(view => view.Name is "silo-1" or "silo-2").All(view => view.Health == "active"));
        var seen = await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DeviceDetail>(0, $"devices/{device.Id.Text}"), detail => detail.Device.Standing == "suspended");
        Assert.Equal(3, seen.Measurements.Count);
    }

    [Theory, InlineData(StorageRefusal.Forbidden), InlineData(StorageRefusal.Overloaded)]
    public async Task A_storage_that_takes_no_writes_is_named_to_operators_and_devices_are_asked_to_come_again(StorageRefusal why)
    {
        using var device = await Mesh.JoinAsync(0, $"refused-{why}".ToLowerInvariant());
        await device.ProveAsync();
        await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DevicePage>(1, $"devices?q={device.Name}"), page => page.Total == 1);
        await fixture.RefuseWritesAsync(why);
        try
        {
            device.Measure("/while-away", "good");
            var answer = await device.SendEvidenceAsync(device.Prove(await device.ChallengeAsync()));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (answer.Status, answer.Code));
            foreach (var silo in (int[])[0, 1]) await RefusedAsync(silo, $"devices/{device.Id.Text}/revoke", new Decision("stolen"));
            await RefusedAsync(1, "enroll/tokens", new JoinTokenRequest(1, 600, true));
            // It goes on: an alert of each silo, which nobody can write down, and each shows its own.
            foreach (var silo in why == StorageRefusal.Forbidden ? (int[])[0, 1] : [])
            {
                await device.ConnectAsync(Mesh[silo].Devices);
                var fired = await RunningCluster.EventuallyAsync(async () =>
                {
                    await ProveCodeAsync(device);
                    return await Mesh.GetAsync<IReadOnlyList<AlertView>>(silo, "alerts");
                }, all => all.Any(one => one is { Rule: "silo-storage", ResolvedAt: null }));
                Assert.Contains(fired, one => one.Rule == "silo-storage" && one.Silo == $"silo-{silo + 1}");
            }
        }
        finally
        {
            await fixture.TakeWritesAsync();
        }
        var told = await RunningCluster.EventuallyAsync(() => SilosAsync(1), all => all.Any(Tells));
        var cli = await SignedInAsync(1);
        Assert.Equal(0, await cli.RunAsync("silo", "list"));
        Assert.Contains(cli.Output.Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => line.Split('\t')[8]), errors => errors != "0");
        Assert.Equal(0, await cli.RunAsync("silo", "show", told.First(Tells).Name));
        Assert.Contains("row was written", cli.Output, StringComparison.Ordinal);
        await AgainAsync(device, "while-away");
    }

    [Fact]
    public async Task A_storage_that_is_gone_and_comes_back_costs_nothing_that_was_acknowledged()
    {
        using var device = await Mesh.JoinAsync(0, "keeper");
        using var other = await Mesh.JoinAsync(1, "lost");
        for (var i = 0; i < 3; i++)
        {
            device.Measure($"/kept-{i}", "good");
            await device.ProveAsync();
        }
        await Mesh.PostAsync<DeviceSummary>(1, $"devices/{other.Id.Text}/revoke", new Decision("lost at sea"));
        var token = await Mesh.JoinTokenAsync(0);
        using var stranger = new TestDevice("newcomer");
        fixture.Leave();
        try
        {
            for (var silo = 0; silo < 2; silo++)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await ProbeAsync(silo, "readyz"));
                Assert.Equal(HttpStatusCode.OK, await ProbeAsync(silo, "livez"));
                // Who is signed in, and what nobody has in memory, cannot be known now: that is neither "sign in" nor "not found".
                using (var client = Mesh.Operator(silo))
                using (var shown = await client.GetAsync($"devices/{other.Id.Text}"))
                    Assert.True(shown.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{shown.StatusCode}");
                await RefusedAsync(silo, $"devices/{device.Id.Text}/revoke", new Decision("stolen"));
                await device.ConnectAsync(Mesh[silo].Devices);
                Assert.Equal("unavailable", await ProveCodeAsync(device));
                await stranger.ConnectAsync(Mesh[silo].Devices);
                Assert.Equal("unavailable", (await stranger.EnrolAsync(token)).Code);
            }
        }
        finally
        {
            fixture.ComeBack();
        }
        for (var silo = 0; silo < 2; silo++)
        {
            var at = silo;
            await RunningCluster.EventuallyAsync(() => ProbeAsync(at, "readyz"), status => status == HttpStatusCode.OK);
        }
        await AgainAsync(device, "kept-2");
        await other.ConnectAsync(Mesh[0].Devices);
        Assert.Equal(Standing.Revoked, (await other.ProveAsync()).Standing);
        Assert.Contains(await ClusterLogs.ReadAsync(Mesh, 0), line => line.Device == other.Id.Text && line.Text.Contains("lost at sea", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_storage_that_does_not_answer_is_given_up_after_its_deadline()
    {
        using var device = await Mesh.JoinAsync(0, "waiting");
        await device.ProveAsync();
        fixture.StandStill();
        try
        {
            device.Measure("/while-away", "good");
            Assert.Equal("unavailable", await ProveCodeAsync(device));
            Assert.Equal(HttpStatusCode.OK, await ProbeAsync(0, "livez"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await ProbeAsync(0, "readyz"));
        }
        finally
        {
            fixture.GoOn();
        }
        await RunningCluster.EventuallyAsync(() => ProbeAsync(0, "readyz"), status => status == HttpStatusCode.OK);
        await AgainAsync(device, "while-away");
    }

    /// <summary>It proves itself at both silos again, what it measured is there, and the decision that was refused can be made.</summary>
    private async Task AgainAsync(TestDevice device, string file)
    {
        for (var silo = 0; silo < 2; silo++)
        {
            await device.ConnectAsync(Mesh[silo].Devices);
            // The answer to the first may be that somebody was faster: the write that nobody heard of.
            await RunningCluster.EventuallyAsync(() => ProveCodeAsync(device), code => code == "");
        }
        var detail = await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DeviceDetail>(1, $"devices/{device.Id.Text}"), one => one.Measurements.Any(entry => entry.Name.Contains(file, StringComparison.Ordinal)));
        Assert.Equal(detail.Measurements.Count, detail.Measurements.Select(entry => entry.Name).Distinct().Count());
        await Mesh.PostAsync<DeviceSummary>(1, $"devices/{device.Id.Text}/suspend", new Decision("looked odd"));
        await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DeviceDetail>(0, $"devices/{device.Id.Text}"), one => one.Device.Standing == "suspended");
    }

    private static bool Tells(SiloView view) => view.StorageErrors > 0 && view.LastStorageError is { } last && last.Contains("row was written", StringComparison.Ordinal) && last.Contains(" UTC: ", StringComparison.Ordinal);

    private async Task RefusedAsync(int silo, string path, object body)
    {
        using var client = Mesh.Operator(silo);
        using var answer = await client.PostAsJsonAsync(path, body);
        var problem = (await answer.Content.ReadFromJsonAsync<Problem>())!;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (answer.StatusCode, problem.Code));
        Assert.Contains("storage", problem.Detail, StringComparison.Ordinal);
    }

    private static async Task<string> ProveCodeAsync(TestDevice device)
    {
        var asked = await device.PostAsync("/device/v1/challenge", new ChallengeRequest(device.Id).Encode());
        return asked.Code != "" ? asked.Code : (await device.SendEvidenceAsync(device.Prove(Challenge.Decode(asked.Body)))).Code;
    }

    private async Task<HttpStatusCode> ProbeAsync(int silo, string probe)
    {
        using var answer = await Mesh[silo].Anyone.GetAsync(new Uri($"http://127.0.0.1:{Mesh[silo].OperatorPort}/{probe}"));
        return answer.StatusCode;
    }

    private async Task<CliRun> SignedInAsync(int silo)
    {
        var code = await Mesh.PostAsync<OperatorCode>(silo, "operators", new OperatorRequest($"viewer-{Guid.NewGuid():n}"[..20], "viewer"));
        var cli = new CliRun { Input = code.Code, ["TRUSTMESH_SILO"] = $"http://127.0.0.1:{Mesh[silo].OperatorPort}/" };
        Assert.True(await cli.RunAsync("sign-in") == 0, cli.Error);
        return cli;
    }

    private Task<IReadOnlyList<SiloView>> SilosAsync(int silo) => Mesh.GetAsync<IReadOnlyList<SiloView>>(silo, "silos");
}
