using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Host;

/// <summary>How common a measured value is, as the API tells it.</summary>
public class PrevalenceTests
{
    [Fact]
    public async Task A_rare_value_is_told_apart_from_what_the_fleet_reports_also_after_a_restart()
    {
        await using var silo = await RunningSilo.StartAsync();
        var devices = new List<TestDevice>();
        try
        {
            for (var i = 1; i <= 5; i++) devices.Add(await JoinAsync(silo, $"press-{i}", i == 5 ? "changed" : "good", approve: true));
            await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("press-1"));
            foreach (var device in devices) await device.ProveAsync();
            // Who has not been let in says what it likes.
            for (var i = 6; i <= 9; i++) devices.Add(await JoinAsync(silo, $"press-{i}", "changed", approve: false));

            var odd = await MeasuredAsync(silo, "press-5");
            Assert.Equal(("fail", 1, 5, true), (odd.Outcome, odd.SeenOn, odd.Of, odd.Rare));
            Assert.NotEqual(odd.Digest, Assert.Single(odd.Expected!));
            var usual = await MeasuredAsync(silo, "press-1");
            Assert.Equal(("pass", 4, 5, false), (usual.Outcome, usual.SeenOn, usual.Of, usual.Rare));
            Assert.NotNull(odd.FirstSeen);

            var outlier = Assert.Single(await silo.GetAsync<IReadOnlyList<OutlierView>>("references/outliers"));
            Assert.Equal(("sensor", "/etc/app.conf", odd.Digest, 1, 5, true, "press-5"), (outlier.Model, outlier.Name, outlier.Digest, outlier.SeenOn, outlier.Of, outlier.Rare, outlier.DeviceName));
            Assert.Equal(usual.Digest, Assert.Single(outlier.Accepted));

            await silo.RestartAsync();
            Assert.Equal((odd.FirstSeen, 1, 5), (await MeasuredAsync(silo, "press-5")) is var again ? (again.FirstSeen, again.SeenOn, again.Of) : default);
            // Whoever is put out counts no more, and what was learned is no outlier any more.
            await silo.PostAsync<DeviceSummary>("devices/press-4/suspend", new Decision("a doubt"));
            Assert.Equal((1, 4), (await MeasuredAsync(silo, "press-5")) is var fewer ? (fewer.SeenOn, fewer.Of) : default);
            await devices[4].ConnectAsync(silo.Devices);
            await devices[4].ProveAsync();
            await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("press-5"));
            Assert.Empty(await silo.GetAsync<IReadOnlyList<OutlierView>>("references/outliers"));
        }
        finally
        {
            foreach (var device in devices) device.Dispose();
        }
    }

    [Fact]
    public async Task A_register_is_told_with_its_count_learned_where_it_is_named_and_an_outlier_when_it_changes()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath] });
        using (var asked = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(Pcrs: [7]))) Assert.True(asked.IsSuccessStatusCode);
        // The same connection twice: the root of the device, and what boots it.
        var channel = TpmChannel.Open(tpm.Address);
        using var root = TpmRoot.Open(tpm.Settings(), channel, TimeProvider.System);
        var firmware = new TpmDevice(channel, TimeProvider.System);
        using var device = new TestDevice("press-1", root);
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        Assert.NotNull((await device.EnrolAsync(await silo.JoinTokenAsync())).Result);
        await device.ProveAsync();
        async Task<RegisterMeasurement> RegisterAsync() => Assert.Single((await silo.GetAsync<DeviceDetail>("devices/press-1")).Registers!);

        // The register of the measurements, 13, is quoted too and not told: its log explains it.
        var before = await RegisterAsync();
        Assert.Equal((7, "not-compared", 1, 1, false), (before.Pcr, before.Outcome, before.SeenOn, before.Of, before.Rare));
        Assert.NotNull(before.FirstSeen);
        foreach (var pcrs in new int[][] { [10], [13], [0], [7, 7], [24], [-1] })
            Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "references/learn", new LearnRequest("press-1", pcrs))).Code);
        Assert.Empty((await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("press-1"))).Registers);
        Assert.Equal(before.Value, Assert.Single(Assert.Single((await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("press-1", [7]))).Registers, one => one.Key == "7").Value));
        await device.ProveAsync();
        Assert.Equal("trusted", (await silo.GetAsync<DeviceDetail>("devices/press-1")).Device.Look);
        Assert.Equal("pass", (await RegisterAsync()).Outcome);

        firmware.PcrExtend(7, new byte[32]);
        await device.ProveAsync();
        var after = await RegisterAsync();
        Assert.Equal(("fail", 1, 1), (after.Outcome, after.SeenOn, after.Of));
        Assert.Equal((before.Value, false), (Assert.Single(after.Expected!), before.Value == after.Value));
        Assert.Equal("contraindicated", (await silo.GetAsync<DeviceDetail>("devices/press-1")).Device.Look);
        var outlier = Assert.Single(await silo.GetAsync<IReadOnlyList<OutlierView>>("references/outliers"));
        Assert.Equal(("PCR 7", 7, after.Value, 1, "press-1"), (outlier.Name, outlier.Pcr, outlier.Digest, outlier.SeenOn, outlier.DeviceName));

        await silo.RestartAsync();
        Assert.Equivalent(after, await RegisterAsync());
        await device.ConnectAsync(silo.Devices);
        await device.ProveAsync();
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("press-1", [7]));
        Assert.Empty(await silo.GetAsync<IReadOnlyList<OutlierView>>("references/outliers"));
        // Nobody asks for it any more, so nobody knows it any more.
        using (var asked = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(Pcrs: [13]))) Assert.True(asked.IsSuccessStatusCode);
        await device.ProveAsync();
        Assert.Null((await silo.GetAsync<DeviceDetail>("devices/press-1")).Registers);
    }

    private static async Task<TestDevice> JoinAsync(RunningSilo silo, string name, string content, bool approve)
    {
        var device = new TestDevice(name);
        device.Measure("/etc/app.conf", content);
        await device.ConnectAsync(silo.Devices);
        Assert.NotNull((await device.EnrolAsync(await silo.JoinTokenAsync(autoApprove: approve))).Result);
        await device.ProveAsync();
        return device;
    }

    private static async Task<Measurement> MeasuredAsync(RunningSilo silo, string device) => Assert.Single((await silo.GetAsync<DeviceDetail>($"devices/{device}")).Measurements);
}
