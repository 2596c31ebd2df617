using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>revocation requests</c>, <c>approve</c>, <c>reject</c>, <c>rule</c>: a second person's word on revoking many devices.</summary>
internal static class RevocationRequestCommands
{
    public static Command Requests(Shell shell)
    {
        var id = new Argument<string?>("ID") { Description = "Of one request, to see each of its devices; all if left out.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("requests", "Revocations of many devices, newest first, and those that wait for a second person.") { id };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            if (parsed.GetValue(id) is { } one)
            {
                var act = await api.RevocationRequestAsync(one, ct);
                if (printer.IsJson) printer.Json(act, ContractJson.Default.RevocationAct);
                else RevocationPrint.Act(printer, act);
                return;
            }
            var requests = await api.RevocationRequestsAsync(ct);
            if (printer.IsJson) printer.Json(requests, ContractJson.Default.IReadOnlyListRevocationRequest);
            else RevocationPrint.Requests(printer, requests);
        });
        return command;
    }

    public static Command Approve(Shell shell)
    {
        var id = Id();
        var reason = new Option<string?>("--reason") { Description = "What you say to it; it stays in the log.", HelpName = "TEXT" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask; needed where nobody is at a terminal." };
        var command = new Command("approve", "Say yes to what somebody else asked for: its devices that are still what they were are revoked. Final. You have to be approver for every site it concerns.") { id, reason, yes };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var act = await api.RevocationRequestAsync(parsed.GetRequiredValue(id), ct);
            if (!printer.IsJson) RevocationPrint.Act(printer, act);
            if (act.Request.State == "waiting")
                Confirmation.Ask(shell.Surroundings, printer, parsed.GetValue(yes), Confirmation.Of([.. act.Devices.Select(device => device.Name)]),
                    $"revoke {(act.Devices.Count == 1 ? act.Devices[0].Name : $"{act.Devices.Count} devices")} for good");
            RevokeCommand.Told(printer, await api.ApproveRevocationAsync(act.Request.Id, new RevocationApproval(act.Request.Digest, parsed.GetValue(reason)), ct));
        });
        return command;
    }

    public static Command Reject(Shell shell)
    {
        var id = Id();
        var reason = new Option<string>("--reason") { Description = "Why; it stays in the log.", HelpName = "TEXT", Required = true };
        var command = new Command("reject", "Say no to what somebody else asked for, or take back what you asked for.") { id, reason };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var act = await api.RejectRevocationAsync(parsed.GetRequiredValue(id), new Decision(parsed.GetRequiredValue(reason)), ct);
            if (printer.IsJson) printer.Json(act, ContractJson.Default.RevocationAct);
            printer.Note($"Request {act.Request.Id} of {act.Request.By} is rejected; nothing was revoked.");
        });
        return command;
    }

    public static Command Rule(Shell shell)
    {
        var moreThan = new Option<int?>("--more-than") { Description = "So many devices one person may revoke alone (0 to 1000); what is more needs a second person.", HelpName = "N" };
        var hours = new Option<int>("--hours") { Description = "Within so many hours (1 to 168).", HelpName = "H", DefaultValueFactory = _ => 24 };
        var off = new Option<bool>("--off") { Description = "Nobody ever needs a second person." };
        var reason = new Option<string?>("--reason") { Description = "Why it is changed; it stays in the log.", HelpName = "TEXT" };
        var command = new Command("rule", "When a revocation needs a second person; with options, changes it.") { moreThan, hours, off, reason };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var (most, none) = (parsed.GetValue(moreThan), parsed.GetValue(off));
            if (most is not null && none) throw new CommandFailure(ExitCode.Usage, "--more-than and --off are two different rules.", "Give one of the two.");
            var rule = most is null && !none ? await api.RevocationRuleAsync(ct) : await api.SetRevocationRuleAsync(new RevocationRuleUpdate(most, parsed.GetValue(hours), parsed.GetValue(reason) ?? ""), ct);
            if (printer.IsJson) printer.Json(rule, ContractJson.Default.RevocationRule);
            else printer.Facts([("second person", rule.MoreThan is { } many ? $"for more than {many} devices within {rule.Hours} h" : "never needed"), ("left for you", rule.Left is { } left ? Shown.Number(left) : "any number")]);
        });
        return command;
    }

    private static Argument<string> Id() => new("ID") { Description = "Of the request, as in: trustmesh revocation requests" };
}
