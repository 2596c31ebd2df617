using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Alerts;

public class AlertBoardTests
{
    [Fact]
    public async Task Devices_that_fail_for_one_reason_are_one_alert_that_fires_once()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        for (var i = 0; i < 41; i++) rig.Fail(i);
        await rig.StepAsync();
        await rig.StepAsync(1);
        await rig.StepAsync(60);
        var alert = await rig.OnlyAsync();
        Assert.Equal(("devices-failing", "critical", "firing", "41 devices: PCR 7 is not as expected", 41, "status:failed"), (alert.Rule, alert.Severity, alert.State, alert.Text, alert.Devices, alert.Query));
        Assert.Equal(20, alert.Sample.Count);
        Assert.Equal("critical alert devices-failing fired: 41 devices: PCR 7 is not as expected", Assert.Single(rig.Told).Text);
        Assert.Equal([(alert.Id, "fired")], rig.Offered);
    }

    [Fact]
    public async Task What_fails_for_another_reason_is_another_alert_and_what_falls_silent_is_one_for_each_site()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        rig.Fail(1);
        rig.Fail(2, "/etc/app.conf");
        rig.Put(3, left: TimeSpan.FromSeconds(10), site: "oslo");
        rig.Put(4, left: TimeSpan.FromSeconds(10), site: "bergen");
        await rig.StepAsync();
        Assert.Equal(["1 device: /etc/app.conf is not as expected", "1 device: PCR 7 is not as expected"], (await rig.OpenAsync()).Select(one => one.Text).Order(StringComparer.Ordinal));
        // The twin notes that the proof ran out, and says so.
        rig.Time.Advance(TimeSpan.FromSeconds(11));
        rig.Put(3, left: TimeSpan.FromSeconds(-1), site: "oslo");
        rig.Put(4, left: TimeSpan.FromSeconds(-1), site: "bergen");
        await rig.StepAsync();
        await rig.StepAsync(301);
        var stale = (await rig.OpenAsync()).Where(one => one.Rule == "devices-stale").OrderBy(one => one.Text).ToList();
        Assert.Equal([("1 device at bergen: devices-stale", "status:stale site:bergen"), ("1 device at oslo: devices-stale", "status:stale site:oslo")], stale.Select(one => (one.Text, one.Query!)));
    }

    [Fact]
    public async Task A_device_counts_when_it_has_matched_for_long_enough_and_begins_again_when_it_stopped()
    {
        var rig = new AlertRig();
        await rig.NoBuiltInsAsync();
        await rig.RuleAsync("slow", "status:failed", seconds: 300);
        await rig.BeginAsync();
        rig.Fail(1);
        await rig.StepAsync();
        await rig.StepAsync(299);
        Assert.Empty(await rig.Book.ViewsAsync(default));
        rig.Put(1);
        await rig.StepAsync();
        rig.Fail(1);
        await rig.StepAsync(2);
        await rig.StepAsync(297);
        Assert.Empty(await rig.Book.ViewsAsync(default));
        await rig.StepAsync(3);
        Assert.Equal("slow", (await rig.OnlyAsync()).Rule);
    }

    [Fact]
    public async Task It_resolves_when_nobody_matches_any_more_and_is_another_one_when_it_fires_again()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        rig.Fail(1);
        rig.Fail(2);
        await rig.StepAsync();
        rig.Put(1);
        await rig.StepAsync(6);
        Assert.Equal((1, "firing"), ((await rig.OnlyAsync()).Devices, (await rig.OnlyAsync()).State));
        rig.Put(2);
        await rig.StepAsync(1);
        var resolved = await rig.OnlyAsync();
        Assert.Equal(("resolved", "2 devices: PCR 7 is not as expected", 2), (resolved.State, resolved.Text, resolved.Devices));
        rig.Fail(1);
        await rig.StepAsync(1);
        var both = await rig.Book.ViewsAsync(default);
        Assert.Equal(["firing", "resolved"], both.Select(one => one.State));
        Assert.NotEqual(both[0].Id, both[1].Id);
        Assert.Equal(["fired", "resolved", "fired"], rig.Offered.Select(one => one.What));
        Assert.Equal(["fired", "resolved", "fired"], rig.Told.Select(one => one.Text.Split(' ')[3].TrimEnd(':')));
    }

    [Fact]
    public async Task What_the_clock_alone_changes_is_seen_within_ten_seconds()
    {
        var rig = new AlertRig();
        await rig.NoBuiltInsAsync();
        await rig.RuleAsync("soon", "expires<10m", "info");
        rig.Put(1, left: TimeSpan.FromMinutes(30));
        await rig.BeginAsync();
        await rig.StepAsync(19 * 60);
        Assert.Empty(await rig.Book.ViewsAsync(default));
        await rig.StepAsync(62);
        Assert.Equal("soon", (await rig.OnlyAsync()).Rule);
    }

    [Fact]
    public async Task An_acknowledgement_survives_a_restart_and_nothing_is_told_twice()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        rig.Fail(1);
        await rig.StepAsync();
        var id = (await rig.OnlyAsync()).Id;
        var (taken, refused) = await rig.Book.AcknowledgeAsync(id, "olga", "looking", default);
        Assert.Null(refused);
        Assert.Equal("acknowledged", taken!.State);
        rig.Acted();
        await rig.StepAsync(1);
        await rig.BeginAsync();
        await rig.StepAsync(60);
        var alert = await rig.OnlyAsync();
        Assert.Equal((id, "acknowledged", "olga", "looking"), (alert.Id, alert.State, alert.Acknowledged!.By, alert.Acknowledged.Note));
        Assert.Equal([(id, "fired"), (id, "acknowledged")], rig.Offered);
        Assert.Equal("olga acknowledged it already.", (await rig.Book.AcknowledgeAsync(id, "oskar", null, default)).Refused);
        rig.Put(1);
        await rig.StepAsync();
        Assert.Contains("resolved already", (await rig.Book.AcknowledgeAsync(id, "oskar", null, default)).Refused);
        Assert.Equal((null, null), await rig.Book.AcknowledgeAsync(new string('0', 32), "oskar", null, default));
    }

    [Fact]
    public async Task A_rule_that_waits_and_has_fired_goes_on_after_a_restart()
    {
        var rig = new AlertRig();
        await rig.NoBuiltInsAsync();
        await rig.RuleAsync("slow", "status:failed", seconds: 300);
        await rig.BeginAsync();
        rig.Fail(1);
        await rig.StepAsync();
        await rig.StepAsync(301);
        var before = await rig.OnlyAsync();
        await rig.BeginAsync();
        await rig.StepAsync(10);
        Assert.Equal((before.Id, "firing"), ((await rig.OnlyAsync()).Id, (await rig.OnlyAsync()).State));
        Assert.Single(rig.Offered);
    }

    [Fact]
    public async Task What_was_mended_while_nobody_watched_is_resolved()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        rig.Fail(1);
        await rig.StepAsync();
        rig.Put(1);
        await rig.BeginAsync();
        Assert.Equal("resolved", (await rig.OnlyAsync()).State);
    }

    [Fact]
    public async Task An_acknowledgement_at_the_same_moment_as_a_change_is_kept()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        rig.Fail(1);
        await rig.StepAsync();
        var id = (await rig.OnlyAsync()).Id;
        rig.Fail(2);
        rig.Faulty.Meanwhile = () => rig.Book.AcknowledgeAsync(id, "olga", null, default);
        await rig.StepAsync(6);
        await rig.StepAsync(6);
        var alert = await rig.OnlyAsync();
        Assert.Equal((2, "olga", "acknowledged"), (alert.Devices, alert.Acknowledged?.By, alert.State));
        Assert.Equal(["fired", "acknowledged"], rig.Offered.Select(one => one.What));
    }

    [Fact]
    public async Task A_rule_that_is_switched_off_or_removed_takes_its_alerts_with_it()
    {
        var rig = new AlertRig();
        await rig.RuleAsync("mine", "site:oslo status:failed");
        await rig.BeginAsync();
        rig.Fail(1);
        await rig.StepAsync();
        Assert.Equal(2, (await rig.OpenAsync()).Count);
        await rig.Rules.SaveAsync("devices-failing", null, null, null, false, "ada", default);
        rig.Acted();
        await rig.StepAsync(1);
        Assert.Equal("mine", Assert.Single(await rig.OpenAsync()).Rule);
        Assert.True(await rig.Rules.RemoveAsync("mine", default));
        Assert.False(await rig.Rules.RemoveAsync("devices-stale", default));
        rig.Acted();
        await rig.StepAsync(1);
        Assert.Empty(await rig.OpenAsync());
        await rig.Rules.SaveAsync("devices-failing", null, null, null, true, "ada", default);
        rig.Acted();
        await rig.StepAsync(1);
        Assert.Equal("devices-failing", Assert.Single(await rig.OpenAsync()).Rule);
    }

    [Fact]
    public async Task A42_A_device_that_chooses_a_thousand_names_makes_a_few_alerts()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        for (var i = 0; i < 1_000; i++) rig.Fail(i, $"/tmp/{i}");
        await rig.StepAsync();
        var alerts = await rig.OpenAsync();
        Assert.Equal(RuleMatches.MostCauses + 1, alerts.Count);
        Assert.Equal(1_000 - RuleMatches.MostCauses, alerts.Single(one => one.Cause == "other causes").Devices);
    }

    [Fact]
    public async Task A42_How_many_devices_there_are_is_not_written_at_every_change()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        rig.Fail(0);
        await rig.StepAsync();
        var before = rig.Faulty.Writes;
        for (var i = 1; i <= 400; i++)
        {
            rig.Fail(i);
            await rig.StepAsync(0.01);
        }
        Assert.InRange(rig.Faulty.Writes - before, 0, 1);
        await rig.StepAsync(5);
        Assert.Equal(401, (await rig.OnlyAsync()).Devices);
    }

    [Fact]
    public async Task A43_A_row_that_cannot_be_read_is_passed_over_and_told()
    {
        var rig = new AlertRig();
        foreach (var kind in (string[])["alert", "alert-rule", "alert-silence"])
        {
            await rig.Records.WriteAsync(kind, "broken", 0, Encoding.UTF8.GetBytes("{\"by\":"), default);
            await rig.Records.WriteAsync(kind, "half", 0, Encoding.UTF8.GetBytes("{\"rule\":\"devices-failing\",\"severity\":null,\"id\":\"0123456789abcdef\"}"), default);
        }
        await rig.BeginAsync();
        rig.Fail(1);
        await rig.StepAsync();
        Assert.Equal("devices-failing", (await rig.OnlyAsync()).Rule);
        Assert.Equal(AlertRule.BuiltIns.Count, (await rig.Rules.ListAsync(default)).Count);
        Assert.Equal(6, rig.Isolated.Distinct().Count());
    }

    [Fact]
    public async Task Resolved_alerts_are_kept_for_seven_days_and_no_more_than_five_hundred()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        for (var i = 0; i < AlertBook.MostResolved + 20; i++)
        {
            rig.Fail(1);
            await rig.StepAsync(1);
            rig.Put(1);
            await rig.StepAsync(1);
        }
        await rig.StepAsync(61);
        Assert.Equal(AlertBook.MostResolved, (await rig.Book.ViewsAsync(default)).Count);
        await rig.StepAsync(7 * 86_400 + 60);
        Assert.Empty(await rig.Book.ViewsAsync(default));
    }

    /// <summary>Every write fails once before it was made and once after: the next board finds what is there, fires nothing twice, and what is told is told at least once under one id.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_fails_loses_nothing_and_doubles_nothing(bool afterWriting)
    {
        for (var n = 1; n <= 8; n++)
        {
            var rig = new AlertRig();
            await rig.BeginAsync();
            rig.Faulty.Fail(n, afterWriting);
            var failures = 0;
            async Task StepAsync()
            {
                try
                {
                    await rig.StepAsync(6);
                }
                catch (IOException)
                {
                    failures++;
                    await rig.BeginAsync();
                }
            }
            rig.Fail(1);
            await StepAsync();
            rig.Fail(2);
            await StepAsync();
            rig.Put(1);
            rig.Put(2);
            await StepAsync();
            await StepAsync();
            var all = await rig.Book.ViewsAsync(default);
            Assert.True(all.Count == 1, $"write {n} failed: {string.Join(" | ", all.Select(one => one.State + " " + one.Text))}");
            Assert.Equal("resolved", all[0].State);
            Assert.Equal(["fired", "resolved"], rig.Offered.Where(one => one.Id == all[0].Id).Select(one => one.What).Distinct());
            Assert.InRange(failures, n <= 3 ? 1 : 0, 1);
        }
    }

    [Fact]
    public async Task A_rule_in_the_language_of_a_newer_silo_fires_nothing_here()
    {
        var rig = new AlertRig();
        await rig.Records.WriteAsync("alert-rule", "built-into-a-newer-one", 0, Encoding.UTF8.GetBytes("""{"query":null,"severity":null,"forSeconds":0,"enabled":true,"by":"ada","at":"2026-01-01T00:00:00Z"}"""), default);
        await rig.Records.WriteAsync("alert-rule", "newer", 0, Encoding.UTF8.GetBytes("""{"query":"sprocket:loose","severity":"critical","forSeconds":0,"enabled":true,"by":"ada","at":"2026-01-01T00:00:00Z"}"""), default);
        await rig.BeginAsync();
        rig.Fail(1);
        await rig.StepAsync();
        Assert.Equal("devices-failing", (await rig.OnlyAsync()).Rule);
    }
}
