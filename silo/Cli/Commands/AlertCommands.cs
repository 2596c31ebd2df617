using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>alert</c>: what fires now, taking it on, keeping it quiet, and what fires at all.</summary>
internal static class AlertCommands
{
    public static Command Build(Shell shell) => new("alert", "Alerts: what fires now, who took it on, what is quiet, and the rules.")
    {
        List(shell), Acknowledge(shell),
        new Command("silence", "Keep alerts quiet for a while; they are still listed.") { Silences(shell), Silence(shell), EndSilence(shell) },
        new Command("rule", "What fires alerts.") { Rules(shell), SetRule(shell), Switch(shell, "on", true), Switch(shell, "off", false), RemoveRule(shell) },
    };

    private static Command List(Shell shell)
    {
        var resolved = new Option<bool>("--resolved") { Description = "Also those that were resolved in the last seven days." };
        var command = new Command("list", "Alerts, the most urgent first.") { resolved };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            IReadOnlyList<AlertView> alerts = [.. (await api.AlertsAsync(ct)).Where(one => one.ResolvedAt is null || parsed.GetValue(resolved))];
            if (printer.IsJson) printer.Json(alerts, ContractJson.Default.IReadOnlyListAlertView);
            else
                printer.Table(["ID", "SEVERITY", "STATE", "RULE", "WHAT", "FIRED", "BY"],
                    alerts.Select(one => new[] { one.Id[..8], one.Severity, one.State + (one.Silence is null ? "" : ", silenced"), one.Rule, one.Text, Shown.Time(one.FiredAt), one.Acknowledged?.By ?? "-" }));
        });
        return command;
    }

    private static Command Acknowledge(Shell shell)
    {
        var id = new Argument<string>("ALERT") { Description = "As in the list: its id, or the start of it." };
        var note = new Option<string?>("--note") { Description = "What you do about it; others read it.", HelpName = "TEXT" };
        var command = new Command("acknowledge", "Take an alert on, so that nobody else needs to.") { id, note };
        command.Aliases.Add("ack");
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var alert = await api.AcknowledgeAsync(await FindAsync(api, parsed.GetRequiredValue(id), ct), new AlertNote(parsed.GetValue(note)), ct);
            if (printer.IsJson) printer.Json(alert, ContractJson.Default.AlertView);
            printer.Note($"{alert.Rule}, {alert.Text}: acknowledged by {alert.Acknowledged?.By}.");
        });
        return command;
    }

    /// <summary>The whole id of the one alert whose id begins so.</summary>
    private static async Task<string> FindAsync(SiloApi api, string start, CancellationToken ct)
    {
        var found = (await api.AlertsAsync(ct)).Where(one => one.Id.StartsWith(start, StringComparison.Ordinal)).ToList();
        return found switch
        {
            [var only] => only.Id,
            [] => throw new CommandFailure(ExitCode.NotFound, $"No alert's id begins with {start}.", "Run: trustmesh alert list"),
            _ => throw new CommandFailure(ExitCode.Conflict, $"The ids of {found.Count} alerts begin with {start}.", "Use more characters of it."),
        };
    }

    private static Command Silences(Shell shell)
    {
        var command = new Command("list", "What is quiet, and until when.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var silences = await api.SilencesAsync(ct);
            if (printer.IsJson) printer.Json(silences, ContractJson.Default.IReadOnlyListSilenceView);
            else printer.Table(["ID", "RULE", "QUERY", "UNTIL", "BY", "REASON"], silences.Select(one => new[] { one.Id, one.Rule ?? "every", one.Query ?? "all devices", Shown.Time(one.Until), one.By, one.Reason }));
        });
        return command;
    }

    private static Command Silence(Shell shell)
    {
        var query = new Option<string?>("--query", "-q") { Description = "Only for devices that it finds, such as 'site:oslo'; see: trustmesh query fields", HelpName = "QUERY" };
        var rule = new Option<string?>("--rule") { Description = "Only alerts of this rule.", HelpName = "NAME" };
        var lasts = Arguments.DurationOption("--for", "How long, at most 30d, such as 2h.", required: true);
        var reason = new Option<string>("--reason") { Description = "Why; whoever wonders later reads it.", HelpName = "TEXT", Required = true };
        var command = new Command("add", "Keep alerts of a rule, of some devices, or both quiet.") { query, rule, lasts, reason };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var silence = await api.SilenceAsync(new SilenceRequest(parsed.GetValue(query), parsed.GetValue(rule), (int)parsed.GetRequiredValue(lasts).TotalSeconds, parsed.GetRequiredValue(reason)), ct);
            if (printer.IsJson) printer.Json(silence, ContractJson.Default.SilenceView);
            printer.Note($"Quiet until {Shown.Time(silence.Until)}. End it before: trustmesh alert silence end {silence.Id}");
        });
        return command;
    }

    private static Command EndSilence(Shell shell)
    {
        var id = new Argument<string>("SILENCE") { Description = "Its id, as in the list." };
        var command = new Command("end", "End a silence now.") { id };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.EndSilenceAsync(parsed.GetRequiredValue(id), ct);
            printer.Note("The silence has ended.");
        });
        return command;
    }

    private static Command Rules(Shell shell)
    {
        var command = new Command("list", "All rules, built-in ones first.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var rules = await api.AlertRulesAsync(ct);
            if (printer.IsJson) printer.Json(rules, ContractJson.Default.IReadOnlyListAlertRuleView);
            else
                printer.Table(["NAME", "SEVERITY", "QUERY", "FOR", "ON", "BUILT IN"],
                    rules.Select(one => new[] { one.Name, one.Severity, one.Query ?? one.About, $"{one.ForSeconds} s", Shown.YesNo(one.Enabled), Shown.YesNo(one.BuiltIn) }));
        });
        return command;
    }

    private static Command SetRule(Shell shell)
    {
        var name = Name();
        var query = new Argument<string?>("QUERY") { Description = "In quotes of the shell, such as 'status:failed site:oslo'; may be left out for a rule that is there. See whom it finds: trustmesh device list --query", Arity = ArgumentArity.ZeroOrOne };
        var severity = new Option<string?>("--severity") { Description = "How urgent (warning).", HelpName = "critical|warning|info" };
        severity.AcceptOnlyFromAmong("critical", "warning", "info");
        var lasts = Arguments.OptionalDuration("--for", "How long a device must match before it fires (at once); at most 7d.");
        var command = new Command("set", "Make a rule, or change one of your own.") { name, query, severity, lasts };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var rule = await api.SetAlertRuleAsync(
                parsed.GetRequiredValue(name), new AlertRuleUpdate(parsed.GetValue(query), parsed.GetValue(severity), parsed.GetValue(lasts) is { } time ? (int)time.TotalSeconds : null), ct);
            if (printer.IsJson) printer.Json(rule, ContractJson.Default.AlertRuleView);
            printer.Note($"The rule {rule.Name} is {(rule.Enabled ? "on" : "off")}: {rule.Severity}, {rule.Query}, for {rule.ForSeconds} s.");
        });
        return command;
    }

    private static Command Switch(Shell shell, string verb, bool enabled)
    {
        var name = Name();
        var command = new Command(verb, enabled ? "Switch a rule on again." : "Switch a rule off, also a built-in one; what it fired is resolved.") { name };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var rule = await api.SetAlertRuleAsync(parsed.GetRequiredValue(name), new AlertRuleUpdate(Enabled: enabled), ct);
            if (printer.IsJson) printer.Json(rule, ContractJson.Default.AlertRuleView);
            printer.Note($"The rule {rule.Name} is {verb}.");
        });
        return command;
    }

    private static Command RemoveRule(Shell shell)
    {
        var name = Name();
        var command = new Command("remove", "Forget a rule of your own; what it fired is resolved.") { name };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.RemoveAlertRuleAsync(parsed.GetRequiredValue(name), ct);
            printer.Note($"The rule {parsed.GetRequiredValue(name)} is removed.");
        });
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "Of the rule: 1 to 63 of a-z, 0-9, '.' and '-'." };
}
