using System.Diagnostics;
using TrustMesh.Contracts;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>Redis, where the silos find each other, is away: who is in stays in and works, who is not in stays out.</summary>
[Collection(FaultCollection.Name)]
public sealed class MembershipTests(TwoSilos fixture)
{
    /// <summary>A whole minute: longer than anything here that is tried again, or believed without asking.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Still = TimeSpan.FromSeconds(10);

    private RunningCluster Mesh => fixture.Cluster;

    [Fact]
    public async Task Redis_gone_for_a_minute_stops_nobody_and_a_silo_that_starts_meanwhile_says_why_it_cannot()
    {
        var started = (await SilosAsync()).Select(view => view.StartedAt).ToList();
        var late = Mesh.Prepare();
        Mesh.Redis.Kill();
        try
        {
            var refused = late.TryStartAsync();
            await WorkAsync("during", Stopwatch.StartNew(), Away);
            Assert.False(await refused);
        }
        finally
        {
            Mesh.Redis.Restart();
        }
        Assert.Equal(1, late.ExitCode);
        Assert.Contains("could not join its cluster", late.Said, StringComparison.Ordinal);
        Assert.Contains("--cluster", late.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", late.Said, StringComparison.Ordinal);

        await late.StartAsync();
        var silos = await RunningCluster.EventuallyAsync(() => SilosAsync(late.Name), all => all.Count(view => view.Health == "active") == 3);
        Assert.Equal(started, silos.Where(view => view.Name != late.Name).Select(view => view.StartedAt));
        Assert.Equal(0, await late.LeaveAsync());
        await WorkAsync("after", Stopwatch.StartNew(), TimeSpan.Zero);
    }

    [Fact]
    public async Task Redis_that_stands_still_stops_nobody()
    {
        var started = (await SilosAsync()).Select(view => view.StartedAt).ToList();
        Mesh.Redis.Pause();
        try
        {
            await WorkAsync("still", Stopwatch.StartNew(), Still);
            // The list is wanted most when something is away.
            Assert.All((await SilosAsync()), view => Assert.Equal("active", view.Health));
        }
        finally
        {
            Mesh.Redis.Resume();
        }
        await RunningCluster.EventuallyAsync(() => Task.FromResult(Mesh[0].Said), said => said.Contains("The table of silos cannot be read", StringComparison.Ordinal));
        var silos = await RunningCluster.EventuallyAsync(() => SilosAsync(), all => all.All(view => view.Health == "active"));
        Assert.Equal(started, silos.Select(view => view.StartedAt));
    }

    /// <summary>Devices prove themselves at both silos and operators decide, for so long.</summary>
    private async Task WorkAsync(string when, Stopwatch since, TimeSpan until)
    {
        using var device = await Mesh.JoinAsync(0, $"member-{when}");
        do
        {
            for (var silo = 0; silo < 2; silo++)
            {
                await device.ConnectAsync(Mesh[silo].Devices);
                Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
                Assert.Equal("ok", await Mesh[silo].Anyone.GetStringAsync(new Uri($"http://127.0.0.1:{Mesh[silo].OperatorPort}/readyz")));
            }
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        while (since.Elapsed < until);
        await Mesh.PostAsync<DeviceSummary>(1, $"devices/{device.Id.Text}/revoke", new Decision("sold"));
        await device.ConnectAsync(Mesh[0].Devices);
        Assert.Equal(Standing.Revoked, (await device.ProveAsync()).Standing);
    }

    /// <summary>The two of the fixture.</summary>
    private async Task<IReadOnlyList<SiloView>> SilosAsync(params string[] more)
        => [.. (await Mesh.GetAsync<IReadOnlyList<SiloView>>(0, "silos")).Where(view => view.Name is "silo-1" or "silo-2" || more.Contains(view.Name))];
}
