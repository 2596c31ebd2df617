using System.Net;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>A silo that is stopped with SIGSTOP, as a machine does that swaps or is suspended, and goes on later.</summary>
[Collection(FaultCollection.Name)]
public sealed class PausedSiloTests(TwoSilos fixture)
{
    /// <summary>Much less than three probes.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private RunningCluster Mesh => fixture.Cluster;

    [Fact]
    public async Task A_silo_that_stands_still_for_a_moment_goes_on_as_if_nothing_was()
    {
        using var device = await Mesh.JoinAsync(1, "short");
        var before = (await SilosAsync())!.Single(view => view.Name == "silo-2");
        Mesh[1].Pause();
        await Task.Delay(Moment, TestContext.Current.CancellationToken);
        Mesh[1].Resume();
        Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
        var after = await RunningCluster.EventuallyAsync(SilosAsync, all => all?.All(view => view.Health is "active" or "dead") == true);
        Assert.Equal(before.StartedAt, after!.Single(view => view.Name == "silo-2").StartedAt);
        Assert.True(Mesh[1].IsRunning);
    }

    [Fact]
    public async Task A_silo_that_stands_still_for_too_long_is_replaced_accepts_nobody_who_was_revoked_meanwhile_and_ends_itself()
    {
        var devices = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Mesh.JoinAsync(i % 2, $"long-{i}")));
        using var stolen = await Mesh.JoinAsync(1, "stolen-meanwhile");
        await stolen.ProveAsync();
        // All it needs to be accepted by the silo as it is now.
        var evidence = stolen.Prove(await stolen.ChallengeAsync());
        Mesh[1].Pause();
        // The other takes over all of them.
        foreach (var device in devices)
        {
            await device.ConnectAsync(Mesh[0].Devices);
            await RunningCluster.EventuallyAsync(() => AttemptAsync(device), standing => standing == Standing.Active);
        }
        var silos = await RunningCluster.EventuallyAsync(SilosAsync, all => all?.Single(view => view.Name == "silo-2").Health == "dead");
        var gone = silos!.Single(view => view.Name == "silo-2");
        Assert.Contains("could not be reached; the others took over its share", gone.Why, StringComparison.Ordinal);
        Assert.Equal((0, 0), (gone.Twins, gone.Shards.Count));
        await Mesh.PostAsync<DeviceSummary>(0, $"devices/{stolen.Id.Text}/revoke", new Decision("stolen meanwhile"));

        Mesh[1].Resume();
        Assert.NotEqual(Standing.Active, await StandingOfAsync(() => stolen.SendEvidenceAsync(evidence)));
        await Mesh[1].EndedAsync();
        Assert.Equal(3, Mesh[1].ExitCode);
        Assert.Contains("This silo is no longer one of its cluster: the others could not reach it for too long", Mesh[1].Said, StringComparison.Ordinal);

        // At once: whoever has the same address is the same silo.
        await Mesh[1].StartAsync();
        var again = await RunningCluster.EventuallyAsync(SilosAsync, all => all?.Single(view => view.Name == "silo-2") is { Health: "active", Shards.Count: > 3 });
        Assert.All(again!.Where(view => view.Name is "silo-1" or "silo-2"), view => Assert.Equal("active", view.Health));
        foreach (var device in devices)
        {
            await device.ConnectAsync(Mesh[1].Devices);
            await RunningCluster.EventuallyAsync(() => AttemptAsync(device), standing => standing == Standing.Active);
            device.Dispose();
        }
        await stolen.ConnectAsync(Mesh[1].Devices);
        Assert.Equal(Standing.Revoked, (await stolen.ProveAsync()).Standing);
    }

    private static Task<Standing?> AttemptAsync(TestDevice device) => StandingOfAsync(async () =>
    {
        var asked = await device.PostAsync("/device/v1/challenge", new ChallengeRequest(device.Id).Encode());
        if (asked.Status != HttpStatusCode.OK)
        {
            // Unknown is not "not enrolled".
            Assert.Equal("unavailable", asked.Code);
            return asked;
        }
        return await device.SendEvidenceAsync(device.Prove(Challenge.Decode(asked.Body)));
    });

    /// <summary>What the silo said the device is; null if it said nothing of the kind.</summary>
    private static async Task<Standing?> StandingOfAsync(Func<Task<(HttpStatusCode Status, byte[] Body, string Code)>> ask)
    {
        try
        {
            var answer = await ask();
            return answer.Status == HttpStatusCode.OK ? Receipt.Decode(answer.Body).Standing : null;
        }
        catch (Exception ended) when (ended is HttpRequestException or IOException)
        {
            // It is gone.
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
        catch (HttpRequestException refused) when (refused.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }
    }
}
