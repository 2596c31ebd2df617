using TrustMesh.Contracts;

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
