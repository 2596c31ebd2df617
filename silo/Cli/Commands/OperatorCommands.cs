using System.CommandLine;
using System.Globalization;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>operator</c>: people, what they may do, and their sessions.</summary>
internal static class OperatorCommands
{
    private static readonly string[] Roles = ["viewer", "operator", "approver", "admin"];

    public static Command Build(Shell shell) => new("operator", "People who use this mesh.")
    {
        Add(shell), List(shell), Rights(shell), SettingsCommands.Rights(shell),
        Act(shell, "disable", "Let a person in no more, and end their sessions at every silo. API tokens they made stop meanwhile."), Act(shell, "enable", "Let a person in again."),
        Act(shell, "remove", "Take a person off the list for good, and end their sessions and the API tokens they made."),
        new Command("session", "Sessions that count.") { Sessions(shell), End(shell) },
    };

    private static Command Add(Shell shell)
    {
        var name = Name();
        var role = new Option<string?>("--role")
        {
            Description = "viewer sees, operator also suspends, resumes and revokes, approver also lets devices in, admin also changes policy and people. Leave it out for a new code of somebody on the list.",
            HelpName = "viewer|operator|approver|admin",
        };
        role.AcceptOnlyFromAmong(Roles);
        var sites = new Option<string[]>("--site") { Description = "Only for devices of this site; may be given more than once. Without it for the whole mesh.", HelpName = "NAME" };
        var reason = new Option<string?>("--reason") { Description = "Why; it stays in the log.", HelpName = "TEXT" };
        var command = new Command("add", "Put a person on the list and make a one-time sign-in code. It is shown once, on standard output.") { name, role, sites, reason };
        command.Aliases.Add("invite");
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var code = await api.AddOperatorAsync(
                new OperatorRequest(parsed.GetRequiredValue(name), parsed.GetValue(role), parsed.GetValue(sites) is { Length: > 0 } only ? only : null, parsed.GetValue(reason)), ct);
            if (printer.IsJson) printer.Json(code, ContractJson.Default.OperatorCode);
            else printer.Line(code.Code);
            printer.Note($"One-time code of {code.Name} ({code.Role}), valid until {Shown.Time(code.ExpiresAt)}.");
        });
        return command;
    }

    private static Command List(Shell shell)
    {
        var command = new Command("list", "Who may sign in, and what each may do.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var people = await api.OperatorsAsync(ct);
            if (printer.IsJson) printer.Json(people, ContractJson.Default.IReadOnlyListOperatorView);
            else
                printer.Table(["NAME", "RIGHTS", "STATE", "SESSIONS", "PASSKEYS", "SINCE", "BY", "API TOKENS"], people.Select(one => new[]
                {
                    one.Name, Words(one.Grants), one.Disabled ? "disabled" : "enabled", Number(one.Sessions), Number(one.Passkeys), Shown.Time(one.CreatedAt), one.CreatedBy, Shown.Tags(one.ApiTokens),
                }));
        });
        return command;
    }

    private static Command Rights(Shell shell)
    {
        var name = Name();
        var grants = Grants("ROLE, or ROLE@SITE[,SITE...] for devices of these sites; all of them together replace what was.");
        var reason = Reason();
        var command = new Command("role", "Change what a person may do, from their next request on.") { name, grants, reason };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var change = new RightsChange(Parse(parsed.GetRequiredValue(grants)), parsed.GetRequiredValue(reason));
            var person = await api.SetRightsAsync(parsed.GetRequiredValue(name), change, ct);
            if (printer.IsJson) printer.Json(person, ContractJson.Default.OperatorView);
            printer.Note($"{person.Name} is {Words(person.Grants)}.");
        });
        return command;
    }

    private static Command Act(Shell shell, string verb, string description)
    {
        var name = Name();
        var reason = Reason();
        var command = new Command(verb, description) { name, reason };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.ActOnOperatorAsync(parsed.GetRequiredValue(name), verb, new Decision(parsed.GetRequiredValue(reason)), ct);
            printer.Note($"{parsed.GetRequiredValue(name)}: {verb}d.");
        });
        return command;
    }

    private static Command Sessions(Shell shell)
    {
        var command = new Command("list", "Your sessions; as admin everybody's.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var sessions = await api.SessionsAsync(ct);
            if (printer.IsJson) printer.Json(sessions, ContractJson.Default.IReadOnlyListSessionView);
            else
                printer.Table(["ID", "NAME", "WITH", "STARTED", "EXPIRES", "THIS"], sessions.Select(one => new[]
                {
                    one.Id, one.Name, one.How ?? "-", one.StartedAt is { } at ? Shown.Time(at) : "-", Shown.Time(one.ExpiresAt), one.Current ? "yes" : "",
                }));
        });
        return command;
    }

    private static Command End(Shell shell)
    {
        var id = new Argument<string>("ID") { Description = "As in the list." };
        var command = new Command("end", "End a session at every silo: your own, or as admin anybody's.") { id };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.EndSessionAsync(parsed.GetRequiredValue(id), ct);
            printer.Note($"Session {parsed.GetRequiredValue(id)} is ended.");
        });
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "Who it is for; stands on timelines." };

    private static Option<string> Reason() => new("--reason") { Description = "Why; it stays in the log.", HelpName = "TEXT", Required = true };

    internal static Argument<string[]> Grants(string description) => new("GRANT") { Description = description, Arity = ArgumentArity.OneOrMore };

    internal static IReadOnlyList<Grant> Parse(IEnumerable<string> grants) => [.. grants.Select(Parse)];

    internal static string Words(IEnumerable<Grant> grants) => string.Join(" ", grants.Select(grant => grant.Role + (grant.Sites is null ? "" : "@" + string.Join(',', grant.Sites))));

    private static Grant Parse(string text)
    {
        var parts = text.Split('@', 2);
        return Roles.Contains(parts[0]) && (parts.Length == 1 || parts[1].Length > 0) ? new Grant(parts[0], parts.Length == 1 ? null : parts[1].Split(','))
            : throw new CommandFailure(ExitCode.Usage, $"'{text}' is no grant.", "Write a role, such as viewer, or a role and sites, such as operator@oslo,bergen.");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
