using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Alerts;

public class BuiltInRuleTests
{
    [Fact]
    public async Task An_alarm_fires_counts_for_an_hour_and_survives_a_restart()
    {
        var rig = new AlertRig();
        rig.Put(1);
        await rig.BeginAsync();
        rig.Directory.TryGet(rig.Device(1), out var entry);
        rig.Feed.Publish(entry, [new(rig.Time.GetUtcNow(), EventKind.Alarm, "two machines answer with this identity: evidence.clock: expected more, got less", "device")]);
        await rig.StepAsync();
        var alert = await rig.OnlyAsync();
        Assert.Equal(("devices-alarming", "1 device: two machines answer with this identity", null), (alert.Rule, alert.Text, alert.Query));
        await rig.BeginAsync();
        await rig.StepAsync(1800);
        Assert.Equal("firing", (await rig.OnlyAsync()).State);
        await rig.StepAsync(1801);
        Assert.Equal("resolved", (await rig.OnlyAsync()).State);
    }

    [Fact]
    public async Task A_status_list_that_nobody_renews_is_an_alert_of_the_whole_mesh()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        rig.List = rig.List with { IssuedAt = rig.Time.GetUtcNow(), ExpiresAt = rig.Time.GetUtcNow().AddHours(8) };
        await rig.StepAsync(6 * 3600);
        Assert.Empty(await rig.Book.ViewsAsync(default));
        await rig.StepAsync(3700);
        Assert.Equal(("status-list-expiring", "no new status list can be signed", 0), ((await rig.OnlyAsync()).Rule, (await rig.OnlyAsync()).Text, (await rig.OnlyAsync()).Devices));
        await rig.BeginAsync();
        Assert.Equal("firing", (await rig.OnlyAsync()).State);
        rig.List = rig.List with { IssuedAt = rig.Time.GetUtcNow(), ExpiresAt = rig.Time.GetUtcNow().AddHours(8) };
        await rig.StepAsync(1);
        Assert.Equal("resolved", (await rig.OnlyAsync()).State);
    }

    [Fact]
    public async Task A_device_that_waits_for_over_a_day_is_told_of()
    {
        var rig = new AlertRig();
        rig.Put(1, TrustTier.None, standing: Standing.Pending);
        await rig.BeginAsync();
        await rig.StepAsync(86_000);
        Assert.Empty(await rig.Book.ViewsAsync(default));
        await rig.StepAsync(500);
        Assert.Equal(("approval-overdue", "info"), ((await rig.OnlyAsync()).Rule, (await rig.OnlyAsync()).Severity));
    }
}
