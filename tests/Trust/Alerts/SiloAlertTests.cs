using TrustMesh.Contracts;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Trust.Alerts;

/// <summary>Alerts that are about no device.</summary>
public class SiloAlertTests
{
    [Fact]
    public async Task A_clock_that_is_wrong_is_one_alert_until_it_is_right_again_and_not_one_each_time_it_crosses_the_edge()
    {
        var rig = new AlertRig();
        rig.Silo("silo-1");
        rig.Silo("silo-2", skew: -5.1);
        await rig.BeginAsync();
        var alert = await rig.OnlyAsync();
        Assert.Equal(("silo-clock", "warning", "firing", "the clock of silo-2 is wrong", "silo-2", 0, null), (alert.Rule, alert.Severity, alert.State, alert.Text, alert.Silo, alert.Devices, alert.Query));
        Assert.Equal("warning alert silo-clock fired: the clock of silo-2 is wrong", Assert.Single(rig.Told).Text);
        Assert.Null((await rig.Book.AcknowledgeAsync(alert.Id, "olga", "the time server", default)).Refused);
        rig.Acted();
        // At the edge, and while an authority that came up anew knows of no clock.
        foreach (var skew in (double?[])[-4.9, 3.1, null])
        {
            rig.Silo("silo-2", skew: skew);
            await rig.StepAsync(5);
            Assert.Equal((alert.Id, "acknowledged"), ((await rig.OnlyAsync()).Id, (await rig.OnlyAsync()).State));
        }
        rig.Silo("silo-2", skew: 2.9);
        await rig.StepAsync(5);
        Assert.Equal("resolved", (await rig.OnlyAsync()).State);
        Assert.Equal(["fired", "acknowledged", "resolved"], rig.Offered.Select(one => one.What));
        // What is not open begins at the edge.
        rig.Silo("silo-2", skew: 4.9);
        await rig.StepAsync(5);
        Assert.Equal("resolved", (await rig.OnlyAsync()).State);
    }

    [Fact]
    public async Task A_silo_that_is_started_anew_in_time_tells_nobody_and_one_that_is_not_is_an_alert_until_it_is_back_or_forgotten()
    {
        var rig = new AlertRig();
        rig.Silo("silo-1");
        await rig.BeginAsync();
        foreach (var health in (string[])["silent", "dead"])
        {
            rig.Silo("silo-2", health);
            await rig.StepAsync(5);
            await rig.StepAsync(59);
            Assert.Empty(await rig.OpenAsync());
            rig.Silo("silo-2", "joining");
            await rig.StepAsync(5);
        }
        rig.Silo("silo-2", "silent");
        await rig.StepAsync(5);
        rig.Silo("silo-2", "dead");
        await rig.StepAsync(61);
        var alert = Assert.Single(await rig.OpenAsync());
        Assert.Equal(("silo-silent", "silo-2 does not report", "silo-2"), (alert.Rule, alert.Text, alert.Silo));
        rig.Silos!.RemoveAll(one => one.Name == "silo-2");
        await rig.StepAsync(5);
        Assert.Empty(await rig.OpenAsync());
    }

    [Fact]
    public async Task A_storage_that_fails_once_is_nobodys_trouble_and_one_that_goes_on_is_until_it_has_stopped_for_a_while()
    {
        var rig = new AlertRig();
        // What it counted before somebody looked is old.
        rig.Silo("silo-1", errors: 70);
        await rig.BeginAsync();
        rig.Silo("silo-1", errors: 71);
        await rig.StepAsync(5);
        await rig.StepAsync(FailureRun.Over.TotalSeconds + 1);
        rig.Silo("silo-1", errors: 72);
        await rig.StepAsync(5);
        Assert.Empty(await rig.OpenAsync());
        rig.Silo("silo-1", errors: 75);
        await rig.StepAsync(10);
        var alert = Assert.Single(await rig.OpenAsync());
        Assert.Equal(("silo-storage", "critical", "the storage of silo-1 fails"), (alert.Rule, alert.Severity, alert.Text));
        // Its count begins anew with it, and is not more than it was.
        rig.Silo("silo-1", errors: 0);
        await rig.StepAsync(29);
        Assert.Single(await rig.OpenAsync());
        await rig.StepAsync(5);
        Assert.Empty(await rig.OpenAsync());
    }

    [Fact]
    public async Task The_silo_that_takes_over_goes_on_with_what_is_open_and_resolves_nothing_before_it_has_heard()
    {
        var rig = new AlertRig();
        rig.Silo("silo-1", errors: 1);
        rig.Silo("silo-2", "dead", null);
        rig.Silo("silo-3", skew: 4);
        await rig.BeginAsync();
        rig.Silo("silo-3", skew: 9);
        for (var errors = 2; errors < 20; errors++)
        {
            rig.Silo("silo-1", errors: errors);
            await rig.StepAsync(5);
        }
        var before = (await rig.OpenAsync()).Select(one => one.Id).Order().ToList();
        Assert.Equal(3, before.Count);
        var silos = rig.Silos;
        rig.Silos = null;
        await rig.TakeOverAsync();
        await rig.StepAsync(60);
        Assert.Equal(before, (await rig.OpenAsync()).Select(one => one.Id).Order());
        rig.Silos = silos;
        rig.Silo("silo-3", skew: 4);
        await rig.TakeOverAsync();
        await rig.StepAsync(5);
        Assert.Equal(before, (await rig.OpenAsync()).Select(one => one.Id).Order());
        // The same silo begins again, as after a store that did not answer.
        await rig.BeginAsync();
        await rig.StepAsync(5);
        Assert.Equal(before, (await rig.OpenAsync()).Select(one => one.Id).Order());
        // Nobody answers any more: what was known goes on.
        rig.Silos = null;
        await rig.StepAsync(20);
        Assert.Equal(before, (await rig.OpenAsync()).Select(one => one.Id).Order());
        Assert.DoesNotContain(rig.Offered, one => one.What == "resolved");
    }

    [Fact]
    public async Task They_are_silenced_by_their_rule_and_switched_off_as_all_others()
    {
        var rig = new AlertRig();
        Assert.NotNull(await rig.Silences.AddAsync(null, "silo-clock", TimeSpan.FromHours(1), "the time server is moved", "olga", default));
        rig.Silo("silo-1", skew: 60);
        await rig.BeginAsync();
        Assert.Equal("olga", (await rig.OnlyAsync()).Silence?.By);
        Assert.Empty(rig.Told);
        await rig.Rules.SaveAsync("silo-clock", null, null, null, false, "ada", default);
        rig.Acted();
        await rig.StepAsync(1);
        Assert.Empty(await rig.OpenAsync());
    }

    [Fact]
    public async Task A42_A_hundred_silos_that_are_gone_are_a_few_alerts()
    {
        var rig = new AlertRig();
        foreach (var number in Enumerable.Range(0, 100)) rig.Silo($"silo-{number:000}", "dead", null);
        await rig.BeginAsync();
        await rig.StepAsync(60);
        Assert.Equal(RuleMatches.MostCauses, (await rig.OpenAsync()).Count);
        Assert.Contains(await rig.OpenAsync(), one => one is { Cause: "other causes", Silo: null });
        rig.Silos!.RemoveRange(0, 90);
        await rig.StepAsync(5);
        await rig.StepAsync(5);
        Assert.Equal(10, (await rig.OpenAsync()).Count);
    }
}
