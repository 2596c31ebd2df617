using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>Three silos on three machines with a switch between them, of which one cable is cut: Redis and storage are reached another way, which is cut too in the worse case.</summary>
public sealed class PartitionTests : IAsyncDisposable
{
    private readonly List<NetworkNamespace> machines = [];
    private readonly List<FaultyRoad> doors = [];
    private readonly List<FaultyRoad[]> stores = [];
    private NetworkSegment? cables;
    private RunningCluster? cluster;

    private RunningCluster Mesh => cluster!;

    [Fact]
    public async Task A_silo_that_is_cut_off_from_the_others_loses_nothing_revokes_nobody_alone_and_ends_itself()
    {
        await StartAsync();
        using var stays = await Mesh.JoinAsync(0, "stays");
        using var cut = await Mesh.JoinAsync(2, "cut-off");
        using var stolen = await Mesh.JoinAsync(2, "stolen");
        foreach (var device in (TestDevice[])[stays, cut, stolen]) await device.ProveAsync();
        var evidence = stolen.Prove(await stolen.ChallengeAsync());

        cables!.Cut(machines[2]);
        // On both sides they go on as far as they can; what anybody says yes to is counted.
        var kept = 0;
        for (; kept < 5; kept++)
        {
            stays.Measure($"/kept-{kept}", "good");
            await RunningCluster.EventuallyAsync(() => ProveAsync(stays), standing => standing == Standing.Active);
        }
        var left = 0;
        for (var i = 0; i < 3; i++)
        {
            cut.Measure($"/left-{i}", "good");
            if (await ProveAsync(cut) is not null) left = i + 1;
        }
        await DecideAsync(0, stolen, "revoke", "stolen from the cut-off site");
        // The majority said so; the other silo has the twin of before in memory, and its storage. It does not accept it.
        var late = await AnswerAsync(() => stolen.SendEvidenceAsync(evidence));
        Assert.NotEqual(Standing.Active, late);
        await stolen.ConnectAsync(Mesh[0].Devices);
        await RunningCluster.EventuallyAsync(() => ProveAsync(stolen), standing => standing == Standing.Revoked);

        await Mesh[2].EndedAsync();
        Assert.Equal(3, Mesh[2].ExitCode);
        Assert.Contains("no longer one of its cluster", Mesh[2].Said, StringComparison.Ordinal);
        var silos = await RunningCluster.EventuallyAsync(SilosAsync, all => all?.Single(view => view.Name == "silo-3").Health == "dead");
        Assert.Equal(2, silos!.Count(view => view.Health == "active"));

        // Worse: a second one is cut off from storage and Redis too. It can neither say yes to anything nor hear that it is dead.
        cables.Mend(machines[2]);
        await Mesh[2].StartAsync("--silo-listen", Listen(2));
        await RunningCluster.EventuallyAsync(SilosAsync, all => all?.Count(view => view.Health == "active") == 3);
        await HealedAsync(stays, cut, stolen, kept, left);
        cables.Cut(machines[2]);
        foreach (var road in stores[2]) road.Cut();
        await cut.ConnectAsync(Mesh[2].Devices);
        Assert.Null(await ProveAsync(cut));
        using (var ready = await Mesh[2].Anyone.GetAsync(new Uri($"http://127.0.0.1:{Mesh[2].OperatorPort}/readyz"))) Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        await RunningCluster.EventuallyAsync(SilosAsync, all => all?.Single(view => view.Name == "silo-3").Health == "dead");
        stays.Measure("/kept-last", "good");
        await RunningCluster.EventuallyAsync(() => ProveAsync(stays), standing => standing == Standing.Active);
        foreach (var road in stores[2]) road.Mend();
        cables.Mend(machines[2]);
        await Mesh[2].EndedAsync();
        Assert.Equal(3, Mesh[2].ExitCode);
        await Mesh[2].StartAsync("--silo-listen", Listen(2));
        await RunningCluster.EventuallyAsync(SilosAsync, all => all?.Count(view => view.Health == "active") == 3);
        await HealedAsync(stays, cut, stolen, kept, left);
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
        foreach (var road in doors.Concat(stores.SelectMany(roads => roads))) await road.DisposeAsync();
        foreach (var machine in machines) machine.Dispose();
        cables?.Dispose();
    }

    private static string Listen(int silo) => $"10.77.0.{silo + 1}:11111";

    private async Task StartAsync()
    {
        cables = NetworkSegment.Create();
        cluster = RunningCluster.Prepared();
        for (var i = 0; i < 3; i++)
        {
            var machine = NetworkNamespace.Create();
            machines.Add(machine);
            cables.Attach(machine, $"10.77.0.{i + 1}/24");
            stores.Add([FaultyRoad.OutOf(machine, Mesh.Redis.Port), FaultyRoad.OutOf(machine, Mesh.Azurite!.Port)]);
            var silo = Mesh.Prepare(machine.Enter);
            doors.AddRange([FaultyRoad.Into(machine, silo.DevicePort), FaultyRoad.Into(machine, silo.OperatorPort)]);
            if (i > 0) continue;
            await silo.StartAsync("--silo-listen", Listen(0));
            await Mesh.SignInAsync(0);
        }
        await Task.WhenAll(Enumerable.Range(1, 2).Select(i => Mesh[i].StartAsync("--silo-listen", Listen(i))));
    }

    /// <summary>Every silo says the same, and all that was said yes to is there.</summary>
    private async Task HealedAsync(TestDevice stays, TestDevice cut, TestDevice stolen, int kept, int left)
    {
        for (var silo = 0; silo < 3; silo++)
        {
            var at = silo;
            await stolen.ConnectAsync(Mesh[at].Devices);
            await RunningCluster.EventuallyAsync(() => ProveAsync(stolen), standing => standing == Standing.Revoked);
            await cut.ConnectAsync(Mesh[at].Devices);
            await RunningCluster.EventuallyAsync(() => ProveAsync(cut), standing => standing == Standing.Active);
            await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<RevocationView>(at, "revocations"), view => view.Devices.Any(one => one.Id == stolen.Id.Text && one.Standing == "revoked"));
            var detail = await Mesh.GetAsync<DeviceDetail>(at, $"devices/{stays.Id.Text}");
            for (var i = 0; i < kept; i++) Assert.Single(detail.Measurements, entry => entry.Name.Contains($"/kept-{i}", StringComparison.Ordinal));
            detail = await Mesh.GetAsync<DeviceDetail>(at, $"devices/{cut.Id.Text}");
            for (var i = 0; i < left; i++) Assert.Single(detail.Measurements, entry => entry.Name.Contains($"/left-{i}", StringComparison.Ordinal));
        }
        Assert.Contains(await ClusterLogs.ReadAsync(Mesh, 0), line => line.Device == stolen.Id.Text && line.Text.Contains("stolen from the cut-off site", StringComparison.Ordinal));
    }

    private async Task DecideAsync(int silo, TestDevice device, string verb, string reason)
    {
        using var client = Mesh.Operator(silo);
        await RunningCluster.EventuallyAsync(async () =>
        {
            using var answer = await client.PostAsJsonAsync($"devices/{device.Id.Text}/{verb}", new Decision(reason));
            return answer.IsSuccessStatusCode || answer.StatusCode == System.Net.HttpStatusCode.Conflict && (await answer.Content.ReadAsStringAsync()).Contains("already", StringComparison.Ordinal);
        }, done => done);
    }

    private static Task<Standing?> ProveAsync(TestDevice device) => AnswerAsync(async () =>
    {
        var asked = await device.PostAsync("/device/v1/challenge", new ChallengeRequest(device.Id).Encode());
        return asked.Code != "" ? asked : await device.SendEvidenceAsync(device.Prove(Challenge.Decode(asked.Body)));
    });

    /// <summary>What the silo said yes to; null for anything else.</summary>
    private static async Task<Standing?> AnswerAsync(Func<Task<(System.Net.HttpStatusCode Status, byte[] Body, string Code)>> ask)
    {
        try
        {
            var answer = await ask();
            Assert.NotEqual("not_enrolled", answer.Code);
            return answer.Status == System.Net.HttpStatusCode.OK ? Receipt.Decode(answer.Body).Standing : null;
        }
        catch (Exception ended) when (ended is HttpRequestException or IOException)
        {
            // The silo ended itself meanwhile.
            return null;
        }
    }

    /// <summary>Null while nobody answers for the mesh.</summary>
    private async Task<IReadOnlyList<SiloView>?> SilosAsync()
    {
        try
        {
            return await Mesh.GetAsync<IReadOnlyList<SiloView>>(0, "silos");
        }
        catch (HttpRequestException refused) when (refused.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }
    }
}
