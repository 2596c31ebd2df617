using System.Globalization;
using TrustMesh.Contracts;
using TrustMesh.Tests.Cli;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>A silo whose clock is wrong: it harms no number that only rises, and nobody is taken for silent because of it.</summary>
[Collection(FaultCollection.Name)]
public sealed class ClockTests(TwoSilos fixture)
{
    /// <summary>Where Debian puts it depends on the processor; null if it is not installed.</summary>
    private static readonly string? Library = Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Select(folder => Path.Combine(folder, "faketime/libfaketimeMT.so.1")).FirstOrDefault(File.Exists);

    private RunningCluster Mesh => fixture.Cluster;

    [Theory, InlineData(-600), InlineData(600)]
    public async Task A_silo_with_a_wrong_clock_changes_no_order_of_things(int seconds)
    {
        using var device = await JoinAsync(seconds, "wrong");
        var wrong = Mesh.Prepare();
        Fake(wrong, "FAKETIME", Offset(seconds));
        await wrong.StartAsync();
        await ToldAsync(wrong, seconds);
        await ChangesNoOrderAsync(device, wrong);
        await RevokedAsync(device, wrong);
        await wrong.KillAsync();
    }

    [Theory, InlineData(-600), InlineData(600)]
    public async Task A_clock_that_jumps_while_its_silo_runs_and_back_changes_no_order_of_things(int seconds)
    {
        using var device = await JoinAsync(seconds, "jumping");
        var wrong = Mesh.Prepare();
        var file = Path.Combine(wrong.State, "clock");
        await File.WriteAllTextAsync(file, Offset(0));
        Fake(wrong, "FAKETIME_TIMESTAMP_FILE", file);
        wrong.Variables["FAKETIME_CACHE_DURATION"] = "1";
        await wrong.StartAsync();
        foreach (var jump in (int[])[seconds, 0])
        {
            await File.WriteAllTextAsync(file, Offset(jump));
            await JumpedAsync(wrong, jump);
            await ToldAsync(wrong, jump);
            await ChangesNoOrderAsync(device, wrong);
        }
        await RevokedAsync(device, wrong);
        await wrong.KillAsync();
    }

    private async Task<TestDevice> JoinAsync(int seconds, string how)
    {
        Assert.SkipUnless(Library is not null, "faketime is not installed (apt-get install faketime)");
        var device = await Mesh.JoinAsync(0, $"{how}-{Math.Abs(seconds)}{(seconds < 0 ? "-slow" : "-fast")}");
        await device.ProveAsync();
        return device;
    }

    /// <summary>Under that library every timer of the process runs without a rest: such a silo takes a core from the tests after it unless it is killed.</summary>
    private static void Fake(ClusterSilo silo, string how, string what)
    {
        silo.Variables["LD_PRELOAD"] = Library!;
        silo.Variables[how] = what;
        silo.Variables["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
    }

    private static string Offset(int seconds) => seconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "s";

    /// <summary>The library reads the file anew once a second.</summary>
    private static async Task JumpedAsync(ClusterSilo silo, int seconds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            using var answer = await silo.Anyone.GetAsync(new Uri("/livez", UriKind.Relative), limit.Token);
            if (Math.Abs((answer.Headers.Date!.Value - DateTimeOffset.UtcNow).TotalSeconds - seconds) < 60) return;
        }
        while (await tick.WaitForNextTickAsync(limit.Token));
    }

    /// <summary>Every silo says of every silo how its clock is, in the API and on a shell, with a sentence if it is wrong.</summary>
    private async Task ToldAsync(ClusterSilo wrong, int seconds)
    {
        foreach (var silo in (int[])[0, 1, Mesh.Silos.Count - 1])
        {
            var all = await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<IReadOnlyList<SiloView>>(silo, "silos"), all => all.Single(view => view.Name == wrong.Name) is { SkewSeconds: { } skew } && Math.Abs(skew - seconds) < 3);
            var view = all.Single(view => view.Name == wrong.Name);
            Assert.Equal("active", view.Health);
            if (seconds == 0) Assert.Null(view.Why);
            else Assert.Matches($@"^Its clock is (59[789]|60[0123]) s {(seconds > 0 ? "ahead of" : "behind")} the other silos'", view.Why);
            Assert.All(all.Where(one => one.Name is "silo-1" or "silo-2"), one => Assert.Null(one.Why));
        }
        // One silo watches, all show it.
        foreach (var silo in (int[])[0, Mesh.Silos.Count - 1])
            await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<IReadOnlyList<AlertView>>(silo, "alerts"), all => all.Any(one => one is { Rule: "silo-clock", ResolvedAt: null } && one.Silo == wrong.Name) == (seconds != 0));
        var code = await Mesh.PostAsync<OperatorCode>(0, "operators", new OperatorRequest($"viewer-{Guid.NewGuid():n}"[..20], "viewer"));
        var shell = new CliRun { Input = code.Code, ["TRUSTMESH_SILO"] = $"http://127.0.0.1:{Mesh[1].OperatorPort}/" };
        Assert.True(await shell.RunAsync("sign-in") == 0, shell.Error);
        Assert.Equal(0, await shell.RunAsync("silo", "list"));
        Assert.Equal(seconds != 0, shell.Error.Contains($"{wrong.Name} is active: Its clock is ", StringComparison.Ordinal));
    }

    private async Task ChangesNoOrderAsync(TestDevice device, ClusterSilo wrong)
    {
        var index = Mesh.Silos.Count - 1;
        var (serial, proven, version) = (0L, DateTimeOffset.MinValue, 0L);
        for (var round = 0; round < 4; round++)
        {
            foreach (var silo in (int[])[0, index, 1])
            {
                Assert.True(wrong.IsRunning, wrong.Said);
                await device.ConnectAsync(Mesh[silo].Devices);
                device.Measure($"/round-{round}-{silo}", "good");
                Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
            }
            await Mesh.PostAsync<DeviceSummary>(round % 2 == 0 ? index : 0, $"devices/{device.Id.Text}/suspend", new Decision("a look"));
            await Mesh.PostAsync<DeviceSummary>(round % 2 == 0 ? 1 : index, $"devices/{device.Id.Text}/resume", new Decision(null));
            var list = await Mesh.GetAsync<RevocationView>(0, "revocations");
            Assert.True(list.Serial > serial);
            serial = list.Serial;
            var detail = await Mesh.GetAsync<DeviceDetail>(0, $"devices/{device.Id.Text}");
            Assert.True(detail.Device.Version > version);
            // When it was proven last goes by the clock of whoever judged it, and never back.
            Assert.True(detail.Device.ProvenAt >= proven, $"{detail.Device.ProvenAt:o} after {proven:o}");
            (version, proven) = (detail.Device.Version, detail.Device.ProvenAt!.Value);
        }
        // Every silo says of every silo that it is there: whose clock shows what does not count.
        foreach (var silo in (int[])[0, 1, index])
        {
            var silos = await Mesh.GetAsync<IReadOnlyList<SiloView>>(silo, "silos");
            Assert.Equal("active", silos.Single(view => view.Name == wrong.Name).Health);
            Assert.Equal(["active", "active"], silos.Where(view => view.Name is "silo-1" or "silo-2").Select(view => view.Health));
        }
    }

    private async Task RevokedAsync(TestDevice device, ClusterSilo wrong)
    {
        await Mesh.PostAsync<DeviceSummary>(Mesh.Silos.Count - 1, $"devices/{device.Id.Text}/revoke", new Decision("sold"));
        await device.ConnectAsync(Mesh[0].Devices);
        Assert.Equal(Standing.Revoked, (await device.ProveAsync()).Standing);
        Assert.Equal(0, await wrong.LeaveAsync());
    }
}
