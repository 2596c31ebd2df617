using TrustMesh.Contracts;
using TrustMesh.Trust.Alerts;

namespace TrustMesh.Tests.Trust.Alerts;

public class SilenceTests
{
    [Fact]
    public async Task A_silenced_alert_is_listed_tells_nobody_and_is_told_when_the_silence_ends()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        await rig.Silences.AddAsync("site:oslo", null, TimeSpan.FromHours(1), "works", "olga", default);
        rig.Acted();
        rig.Fail(1);
        await rig.StepAsync(1);
        var quiet = await rig.OnlyAsync();
        Assert.Equal(("firing", "works", "olga"), (quiet.State, quiet.Silence?.Reason, quiet.Silence?.By));
        Assert.Equal(new AlertCounts(0, 0, 1), await rig.Book.CountAsync(default));
        Assert.Empty(rig.Offered);
        Assert.Empty(rig.Told);
        // One that is not covered: somebody has to know.
        rig.Fail(2, site: "bergen");
        await rig.StepAsync(6);
        Assert.Null((await rig.OnlyAsync()).Silence);
        Assert.Equal([(quiet.Id, "fired")], rig.Offered);
        rig.Put(2, site: "bergen");
        await rig.StepAsync(6);
        Assert.NotNull((await rig.OnlyAsync()).Silence);
        await rig.StepAsync(3600);
        await rig.StepAsync(11);
        Assert.Null((await rig.OnlyAsync()).Silence);
        Assert.Equal(new AlertCounts(1, 0, 0), await rig.Book.CountAsync(default));
        Assert.Single(rig.Offered);
        Assert.Empty(await rig.Silences.ListAsync(default));
        await rig.StepAsync(61);
        Assert.DoesNotContain(rig.Records.All, row => row.Kind == "alert-silence");
    }

    [Fact]
    public async Task What_began_and_ended_in_silence_is_never_told()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        await rig.Silences.AddAsync(null, "devices-failing", TimeSpan.FromHours(1), "works", "olga", default);
        rig.Acted();
        rig.Fail(1);
        await rig.StepAsync(1);
        rig.Put(1);
        await rig.StepAsync(1);
        Assert.Equal("resolved", (await rig.OnlyAsync()).State);
        Assert.Empty(rig.Offered);
    }

    [Fact]
    public async Task A_silence_that_somebody_ends_lets_the_alert_speak_at_once()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        var silence = await rig.Silences.AddAsync("site:oslo", "devices-failing", TimeSpan.FromDays(30), "works", "olga", default);
        rig.Acted();
        rig.Fail(1);
        await rig.StepAsync(1);
        Assert.NotNull(await rig.Silences.RemoveAsync(silence!.Id, default));
        rig.Acted();
        await rig.StepAsync(1);
        Assert.Equal("fired", Assert.Single(rig.Offered).What);
        Assert.Null(await rig.Silences.RemoveAsync(silence.Id, default));
    }

    [Fact]
    public async Task A_mesh_has_so_many_rules_and_silences_and_no_more()
    {
        var rig = new AlertRig();
        for (var i = 0; i < AlertRule.Most; i++) await rig.RuleAsync($"rule-{i}", "site:oslo");
        Assert.Null(await rig.Rules.SaveAsync("one-more", TrustMesh.Contracts.Queries.FleetQuery.Everything, null, null, null, "ada", default));
        for (var i = 0; i < SilenceBook.Most; i++) Assert.NotNull(await rig.Silences.AddAsync("site:oslo", null, TimeSpan.FromMinutes(1), "works", "olga", default));
        Assert.Null(await rig.Silences.AddAsync("site:oslo", null, TimeSpan.FromMinutes(1), "works", "olga", default));
        rig.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull(await rig.Silences.AddAsync("site:oslo", null, TimeSpan.FromMinutes(1), "works", "olga", default));
    }
}
