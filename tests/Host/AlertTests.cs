using System.Net;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;

namespace TrustMesh.Tests.Host;

public class AlertTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_device_that_fails_fires_an_alert_that_is_taken_on_survives_a_restart_and_resolves()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await FailingAsync(silo);
        await FiredAsync(silo, 1);
        var alert = Assert.Single(await silo.GetAsync<IReadOnlyList<AlertView>>("alerts"));
        Assert.Equal(("devices-failing", "critical", "firing", 1, "press-1"), (alert.Rule, alert.Severity, alert.State, alert.Devices, alert.Sample.Single().Name));
        Assert.Contains("is not as expected", alert.Text);
        Assert.Equal(1, (await silo.GetAsync<DevicePage>($"devices?q={Uri.EscapeDataString(alert.Query!)}")).Total);

        using var olga = await silo.SignInAsync("operator");
        using var taken = await olga.PostAsJsonAsync($"alerts/{alert.Id}/acknowledge", new AlertNote(" looking "));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        await silo.RestartAsync();
        await FiredAsync(silo, 0);
        var again = Assert.Single(await silo.GetAsync<IReadOnlyList<AlertView>>("alerts"));
        Assert.Equal((alert.Id, "acknowledged", "some-operator", "looking"), (again.Id, again.State, again.Acknowledged!.By, again.Acknowledged.Note));
        Assert.Equal(new AlertCounts(0, 1, 0), await silo.GetAsync<AlertCounts>("alerts/counts"));
        Assert.Equal("conflict", (await silo.ProblemAsync(silo.Operator, $"alerts/{alert.Id}/acknowledge", new AlertNote(null))).Code);

        await silo.PostAsync<DeviceSummary>("devices/press-1/revoke", new Decision("broken"));
        await Eventually.TrueAsync(() => silo.Silo.Alerts.ViewsAsync(default).GetAwaiter().GetResult().Single().State == "resolved", "the alert to be resolved", Deadline);
        var log = (await silo.GetAsync<LogPage>("log/0/entries?limit=100")).Entries;
        Assert.Contains(log, entry => entry is { Kind: "operator", Actor: "some-operator" } && entry.Text.StartsWith("acknowledged the alert devices-failing", StringComparison.Ordinal) && entry.Text.EndsWith("; looking", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Firing_and_resolving_are_events()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await FailingAsync(silo);
        await FiredAsync(silo, 1);
        await silo.PutAsync("alerts/rules/devices-failing", new AlertRuleUpdate(Enabled: false));
        await FiredAsync(silo, 0);
        await Eventually.TrueAsync(() => Events(silo).Count() == 2, "both events", Deadline);
        Assert.Collection(Events(silo), one => Assert.StartsWith("critical alert devices-failing fired: 1 device", one.Text), one => Assert.StartsWith("critical alert devices-failing resolved: 1 device", one.Text));
        Assert.All(Events(silo), one => Assert.Equal("alerts", one.Actor));
    }

    /// <param name="all">The storage refuses everything, so that the alert cannot be kept either; or the log's head alone.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_that_cannot_be_written_is_an_alert_that_needs_no_log_and_ends_when_it_can(bool all)
    {
        await using var silo = await RunningSilo.StartAsync();
        // On a machine that is busy it may go on for long enough to be one more alert.
        await silo.PutAsync("alerts/rules/silo-storage", new AlertRuleUpdate(Enabled: false));
        using (var storage = Storage(silo))
        {
            // As a disk that is full: what is there can be read, and nothing more is taken.
            foreach (var change in (string[])["INSERT", "UPDATE"])
                Run(storage, $"CREATE TRIGGER full_{change} BEFORE {change} ON record {(all ? "" : "WHEN NEW.kind = 'log-head' ")}BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
            using (var refused = await silo.Operator.PutAsJsonAsync("queries/night", new SavedQueryUpdate("site:oslo"))) Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            using (var refused = await silo.Operator.PostAsJsonAsync("operators", new OperatorRequest("ada", "viewer"))) Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            await FiredAsync(silo, 1);
            var alert = Assert.Single(await silo.GetAsync<IReadOnlyList<AlertView>>("alerts"));
            Assert.Equal(("log-unwritable", "critical", "firing"), (alert.Rule, alert.Severity, alert.State));
            await Eventually.TrueAsync(() => Events(silo).Any(one => one.Text.StartsWith("the mesh's log cannot be written: ", StringComparison.Ordinal)), "the feed to say so", Deadline);
            foreach (var change in (string[])["INSERT", "UPDATE"]) Run(storage, $"DROP TRIGGER full_{change}");
        }
        await FiredAsync(silo, 0);
        await Eventually.TrueAsync(() => Events(silo).Any(one => one.Text.StartsWith("the mesh's log can be written again", StringComparison.Ordinal)), "the feed to say so", Deadline);
        // What tries adds nothing to the log, and what was decided since is in it.
        await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ada", "viewer"));
        Assert.Contains((await silo.GetAsync<LogPage>("log/0/entries?limit=100")).Entries, line => line.Text.StartsWith("made a sign-in code for ada", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_storage_that_keeps_failing_is_an_alert_of_its_silo_that_needs_no_storage_and_ends_when_it_has_not_for_a_while()
    {
        var time = new JumpingTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        await silo.PutAsync("alerts/rules/log-unwritable", new AlertRuleUpdate(Enabled: false));
        using (var storage = Storage(silo))
        {
            foreach (var change in (string[])["INSERT", "UPDATE"]) Run(storage, $"CREATE TRIGGER full_{change} BEFORE {change} ON record BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
            foreach (var jump in (int[])[0, 11])
            {
                // Once is bad luck.
                Assert.Equal(0, (await silo.Silo.Alerts.CountAsync(default)).Firing);
                time.Jump(TimeSpan.FromSeconds(jump));
                using var refused = await silo.Operator.PutAsJsonAsync("queries/night", new SavedQueryUpdate("site:oslo"));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            }
            await FiredAsync(silo, 1);
            var alert = Assert.Single(await silo.GetAsync<IReadOnlyList<AlertView>>("alerts"));
            Assert.Equal(("silo-storage", "critical", "firing", "the storage of silo fails", "silo", 0), (alert.Rule, alert.Severity, alert.State, alert.Text, alert.Silo, alert.Devices));
            foreach (var change in (string[])["INSERT", "UPDATE"]) Run(storage, $"DROP TRIGGER full_{change}");
        }
        time.Jump(TimeSpan.FromSeconds(31));
        await FiredAsync(silo, 0);
    }

    [Fact]
    public async Task Rules_are_made_changed_and_removed_and_built_in_ones_only_switched()
    {
        await using var silo = await RunningSilo.StartAsync();
        var built = await silo.GetAsync<IReadOnlyList<AlertRuleView>>("alerts/rules");
        Assert.Equal(["devices-failing", "devices-stale", "devices-alarming", "approval-overdue", "status-list-expiring", "log-unwritable", "silo-storage", "silo-silent", "silo-clock"], built.Select(rule => rule.Name));
        Assert.All(built, rule => Assert.True(rule is { BuiltIn: true, Enabled: true, By: null }));
        await silo.PutAsync("alerts/rules/oslo", new AlertRuleUpdate(" site:oslo status:failed ", "critical", 60));
        await silo.PutAsync("alerts/rules/oslo", new AlertRuleUpdate(Enabled: false));
        var rule = await silo.GetAsync<AlertRuleView>("alerts/rules/oslo");
        Assert.Equal(("site:oslo status:failed", "critical", 60, false, false, "admin"), (rule.Query, rule.Severity, rule.ForSeconds, rule.Enabled, rule.BuiltIn, rule.By));
        await silo.RestartAsync();
        Assert.Equal(rule, (await silo.GetAsync<IReadOnlyList<AlertRuleView>>("alerts/rules"))[^1]);
        foreach (var (name, update, status) in ((string, AlertRuleUpdate, HttpStatusCode)[])
        [
            ("devices-failing", new("site:oslo"), HttpStatusCode.Conflict), ("devices-failing", new(Severity: "info"), HttpStatusCode.Conflict), ("devices-failing", new(), HttpStatusCode.BadRequest),
            ("new", new(), HttpStatusCode.BadRequest), ("new", new("sit:oslo"), HttpStatusCode.BadRequest), ("new", new("  "), HttpStatusCode.BadRequest), ("New", new("site:oslo"), HttpStatusCode.BadRequest),
            ("new", new("site:oslo", "loud"), HttpStatusCode.BadRequest), ("new", new("site:oslo", null, -1), HttpStatusCode.BadRequest), ("new", new("site:oslo", null, 604_801), HttpStatusCode.BadRequest),
        ])
        {
            using var answer = await silo.Operator.PutAsJsonAsync($"alerts/rules/{name}", update);
            Assert.True(status == answer.StatusCode, $"{name} {update}: {answer.StatusCode}");
        }
        Assert.Equal(HttpStatusCode.Conflict, await DeleteAsync(silo.Operator, "alerts/rules/devices-failing"));
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(silo.Operator, "alerts/rules/oslo"));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(silo.Operator, "alerts/rules/oslo"));
        var log = (await silo.GetAsync<LogPage>("log/0/entries?limit=100")).Entries;
        Assert.Contains(log, entry => entry.Text == "alert rule oslo: was on, critical, site:oslo status:failed, for 60 s, is off, critical, site:oslo status:failed, for 60 s");
    }

    [Fact]
    public async Task A_silence_keeps_quiet_and_says_who_why_and_until_when()
    {
        await using var silo = await RunningSilo.StartAsync();
        var silence = await silo.PostAsync<SilenceView>("alerts/silences", new SilenceRequest("name:press-1", "devices-failing", 3600, " works in hall 3 "));
        using var device = await FailingAsync(silo);
        await Eventually.TrueAsync(() => silo.Silo.Alerts.CountAsync(default).GetAwaiter().GetResult().Silenced == 1, "the alert to be silenced", Deadline);
        var alert = Assert.Single(await silo.GetAsync<IReadOnlyList<AlertView>>("alerts"));
        Assert.Equal((silence.Id, "works in hall 3", "admin"), (alert.Silence!.Id, alert.Silence.Reason, alert.Silence.By));
        Assert.Empty(Events(silo));
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(silo.Operator, $"alerts/silences/{silence.Id}"));
        await FiredAsync(silo, 1);
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(silo.Operator, $"alerts/silences/{silence.Id}"));
        foreach (var wrong in (SilenceRequest[])
        [
            new(null, null, 3600, "works"), new("", null, 3600, "works"), new("sit:oslo", null, 3600, "works"), new("site:oslo", null, 59, "works"), new("site:oslo", null, 2_592_001, "works"),
            new("site:oslo", null, 3600, " "), new("site:oslo", null, 3600, "two\nlines"), new(null, "nobody", 3600, "works"), new(null, "../x", 3600, "works"),
        ])
            Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "alerts/silences", wrong)).Code);
        Assert.Empty(await silo.GetAsync<IReadOnlyList<SilenceView>>("alerts/silences"));
    }

    [Fact]
    public async Task A37_A_viewer_reads_an_operator_acts_and_an_admin_makes_rules()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var viewer = await silo.SignInAsync("viewer");
        using var operating = await silo.SignInAsync("operator");
        using var elsewhere = await silo.SignInAsync("operator", "bergen");
        Assert.Empty((await viewer.GetFromJsonAsync<IReadOnlyList<AlertView>>("alerts"))!);
        var silence = new SilenceRequest("site:oslo", null, 3600, "works");
        Assert.Equal("forbidden", (await silo.ProblemAsync(viewer, "alerts/silences", silence)).Code);
        // An alert can be about devices of many sites, and so can a silence.
        Assert.Equal("forbidden", (await silo.ProblemAsync(elsewhere, "alerts/silences", silence)).Code);
        Assert.Equal("forbidden", (await silo.ProblemAsync(viewer, $"alerts/{new string('0', 32)}/acknowledge", new AlertNote(null))).Code);
        Assert.Equal("not_found", (await silo.ProblemAsync(operating, $"alerts/{new string('0', 32)}/acknowledge", new AlertNote(null))).Code);
        Assert.Equal("not_found", (await silo.ProblemAsync(operating, "alerts/..%2Frules/acknowledge", new AlertNote(null))).Code);
        Assert.Equal("invalid", (await silo.ProblemAsync(operating, $"alerts/{new string('0', 32)}/acknowledge", new AlertNote(new string('x', 201)))).Code);
        using var rule = await operating.PutAsJsonAsync("alerts/rules/mine", new AlertRuleUpdate("site:oslo"));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (rule.StatusCode, await DeleteAsync(operating, "alerts/rules/devices-failing")));
        using var made = await operating.PostAsJsonAsync("alerts/silences", silence);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    /// <summary>A device whose measurements are not those its model was learned with.</summary>
    private static async Task<TestDevice> FailingAsync(RunningSilo silo)
    {
        using var good = await silo.JoinAsync("good-1");
        await good.ProveAsync();
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("good-1"));
        var device = new TestDevice("press-1");
        device.Measure("/etc/app.conf", "bad");
        await device.ConnectAsync(silo.Devices);
        await device.EnrolAsync(await silo.JoinTokenAsync());
        await device.ProveAsync();
        return device;
    }

    private static SqliteConnection Storage(RunningSilo silo)
    {
        silo.OnlyEmbedded("an administrator of SQLite is at work here; what a log of a cluster refuses is heard in the same place");
        var connection = new SqliteConnection($"Data Source={Path.Combine(silo.Settings.State, "silo.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection storage, string sql)
    {
        using var command = storage.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static Task FiredAsync(RunningSilo silo, int count)
        => Eventually.TrueAsync(() => silo.Silo.Alerts.CountAsync(default).GetAwaiter().GetResult().Firing == count, $"{count} alerts to fire", Deadline);

    private static IEnumerable<TrustEvent> Events(RunningSilo silo) => silo.Silo.Feed.Events.After(silo.Silo.Feed.Events.Oldest)!.Where(one => one.Kind == "alert");

    private static async Task<HttpStatusCode> DeleteAsync(HttpClient client, string path)
    {
        using var answer = await client.DeleteAsync(path);
        return answer.StatusCode;
    }
}
