using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>Silos are killed, stopped and started anew, at random and repeatably, while devices prove themselves and operators decide (infra/CLUSTER.md).</summary>
[Collection("chaos")]
public sealed class ChaosTests(ITestOutputHelper output)
{
    /// <summary>Generous, for a machine that does other things too, and for devices that wait longer after each round in vain: nobody is forgotten.</summary>
    private static readonly TimeSpan Answered = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Whatever_is_killed_every_acknowledged_act_is_found_and_the_log_is_whole()
    {
        var settings = ChaosSettings.FromEnvironment();
        output.Say($"Chaos: seed {settings.Seed}, {settings.Duration.TotalMinutes:0.##} min, {settings.Devices} simulated devices, rows in {(settings.InBlobs ? "Azurite" : "Redis")}. The same again: TRUSTMESH_CHAOS_SEED={settings.Seed}");
        await using var mesh = await RunningCluster.StartAsync(3, settings.InBlobs ? Azurite.Start(inMemory: true) : null, "--interval", $"{ChaosSettings.Interval}", "--lifetime", $"{ChaosSettings.Lifetime}");
        await using var run = new ChaosRun(mesh, settings, output.Say);
        await run.JoinAsync();
        await run.RageAsync(new Mayhem(run.World, ChaosSchedule.Of(settings.Random("incidents"), mesh.Silos.Count), output.Say).RunAsync);
        var wrong = await run.AuditAsync();
        run.Tell();
        Assert.True(wrong.Count == 0, $"seed {settings.Seed}, {wrong.Count} things are wrong:\n{string.Join('\n', wrong.Take(40))}");
        Assert.True(run.World.Outages.IsEmpty || run.World.Outages.Max() < Answered, $"seed {settings.Seed}: a device went without an answer for {run.World.Outages.Max()}");
    }
}
