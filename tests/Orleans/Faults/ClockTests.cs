using System.Globalization;
using TrustMesh.Contracts;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>A silo whose clock is wrong: it harms no number that only rises, and nobody is taken for silent because of it.</summary>
[Collection(FaultCollection.Name)]
public sealed class ClockTests(TwoSilos fixture)
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    private RunningCluster Mesh => fixture.Cluster;

    [Theory, InlineData(-600), InlineData(600)]
    public async Task A_silo_with_a_wrong_clock_changes_no_order_of_things(int seconds)
    {
        Assert.SkipUnless(File.Exists(Library), "faketime is not installed (apt-get install faketime)");
        using var device = await Mesh.JoinAsync(0, $"timely-{Math.Abs(seconds)}{(seconds < 0 ? "-slow" : "-fast")}");
        await device.ProveAsync();
        var wrong = Mesh.Prepare();
        wrong.Variables["LD_PRELOAD"] = Library;
        wrong.Variables["FAKETIME"] = seconds.ToString("+0;-0", CultureInfo.InvariantCulture) + "s";
        wrong.Variables["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        await wrong.StartAsync();
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
        await Mesh.PostAsync<DeviceSummary>(index, $"devices/{device.Id.Text}/revoke", new Decision("sold"));
        await device.ConnectAsync(Mesh[0].Devices);
        Assert.Equal(Standing.Revoked, (await device.ProveAsync()).Standing);
        Assert.Equal(0, await wrong.LeaveAsync());
    }
}
