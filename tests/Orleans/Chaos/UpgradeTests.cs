using TrustMesh.Contracts;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>Silos of the version before are replaced by this one's, one at a time, while devices prove themselves and operators decide (infra/CLUSTER.md).</summary>
[Collection("chaos")]
public sealed class UpgradeTests(ITestOutputHelper output)
{
    private const int Devices = 500;

    /// <summary>How long two versions work side by side after each step; as long as a device waits between proofs.</summary>
    private static readonly TimeSpan SideBySide = TimeSpan.FromSeconds(ChaosSettings.Interval);

    [Fact]
    public async Task Silos_of_the_version_before_are_replaced_one_at_a_time_and_nothing_is_lost()
    {
        var previous = Environment.GetEnvironmentVariable("TRUSTMESH_PREVIOUS");
        Assert.SkipWhen(string.IsNullOrEmpty(previous), $"no upgrade: {Environment.GetEnvironmentVariable("TRUSTMESH_NO_PREVIOUS") ?? "TRUSTMESH_PREVIOUS names no build of the version before (infra/test --long makes one; infra/CLUSTER.md, Upgrade)"}");
        var settings = ChaosSettings.FromEnvironment() with { Devices = Devices };
        await using var mesh = await RunningCluster.StartAsync(3, Azurite.Start(inMemory: true), previous, ["--interval", $"{ChaosSettings.Interval}", "--lifetime", $"{ChaosSettings.Lifetime}"]);
        await using var run = new ChaosRun(mesh, settings, output.Say);
        await run.JoinAsync();
        await run.RageAsync(async () =>
        {
            for (var number = 0; number < mesh.Silos.Count; number++)
            {
                Assert.Equal(0, await mesh[number].LeaveAsync());
                mesh[number].Program = null;
                run.World.Started(number);
                await mesh[number].StartAsync();
                run.World.Started(number);
                var silo = number;
                var views = await RunningCluster.EventuallyAsync(() => mesh.GetAsync<List<SiloView>>(silo, "silos"), all => all.Count(one => one.Health == "active") == mesh.Silos.Count);
                output.Say($"{mesh[number].Name} is of this version; {string.Join(", ", views.Select(one => $"{one.Name} {one.Version}"))}");
                await Task.Delay(SideBySide);
            }
        });
        var wrong = await run.AuditAsync();
        run.Tell();
        Assert.True(wrong.Count == 0, $"{wrong.Count} things are wrong:\n{string.Join('\n', wrong.Take(40))}");
        Assert.True(run.World.Outages.IsEmpty || run.World.Outages.Max() < TimeSpan.FromSeconds(60), $"a device went without an answer for {run.World.Outages.Max()}");
    }
}
