using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>enroll rule</c>: who is let in without a person.</summary>
internal static class RuleCommands
{
    public static Command Build(Shell shell) => new("rule", """
        Rules that let devices in without a person; there are none unless somebody sets one. The first that fits decides. A rule never lets in hardware that was
        here before, a device with the name of a revoked one, or a PKCS#11 token: those wait for a person.
        """) { List(shell), Set(shell), Remove(shell), Test(shell) };

    private static Command List(Shell shell)
    {
        var command = new Command("list", "The rules, in the order in which they are asked.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var rules = await api.RulesAsync(ct);
            if (printer.IsJson) printer.Json(rules, ContractJson.Default.IReadOnlyListApprovalRule);
            else
                printer.Table(["PLACE", "NAME", "QUERY", "ROOT", "VERSION", "BY", "AT"], rules.Select((one, at) => new[]
                    { Shown.Number(at + 1), one.Name, one.Query, Root(one.Verified), Shown.Number(one.Version), one.By, Shown.Time(one.At) }));
        });
        return command;
    }

    private static Command Set(Shell shell)
    {
        var name = Name();
        var query = new Argument<string>("QUERY") { Description = "Over site, model, tier, name and id, such as 'site:lab tier:tpm-quote'." };
        var software = Software();
        var place = new Option<int?>("--place") { Description = "Where among the others, from 1; left out: where it is, or last.", HelpName = "N" };
        var reason = Arguments.Reason(false);
        var command = new Command("set", "Set a rule, or replace it. Try it first: trustmesh enroll rule test") { name, query, software, place, reason };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var rule = await api.SetRuleAsync(
                parsed.GetRequiredValue(name), new(parsed.GetRequiredValue(query), !parsed.GetValue(software), parsed.GetValue(place), parsed.GetValue(reason)), ct);
            if (printer.IsJson) printer.Json(rule, ContractJson.Default.ApprovalRule);
            printer.Note($"Rule {rule.Name} is version {rule.Version}. Devices it finds are let in when they join.");
        });
        return command;
    }

    private static Command Remove(Shell shell)
    {
        var name = Name();
        var command = new Command("remove", "Remove a rule. Whom it let in stays.") { name };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.RemoveRuleAsync(parsed.GetRequiredValue(name), ct);
            printer.Note($"The rule {parsed.GetRequiredValue(name)} is removed.");
        });
        return command;
    }

    private static Command Test(Shell shell)
    {
        var query = new Argument<string?>("QUERY") { Description = "Of a rule that is not set yet; left out: all rules as they are.", Arity = ArgumentArity.ZeroOrOne };
        var software = Software();
        var since = Arguments.OptionalDuration("--since", "Devices that joined in this time are tried too (7d).");
        var command = new Command("test", "Which devices would be let in, and would have been. Does nothing.") { query, software, since };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var answer = await api.TestRuleAsync(new(parsed.GetValue(query), !parsed.GetValue(software), (int)(parsed.GetValue(since) ?? TimeSpan.FromDays(7)).TotalSeconds), ct);
            if (printer.IsJson) printer.Json(answer, ContractJson.Default.ApprovalTestAnswer);
            else
                printer.Table(["ID", "NAME", "SITE", "MODEL", "TIER", "STANDING", "JOINED", "WOULD", "RULE", "WHY"], answer.Waiting.Concat(answer.Joined).Select(one => new[]
                {
                    Shown.ShortId(one.Id), one.Name, one.Site, one.Model, one.Tier, one.Standing, Shown.Time(one.JoinedAt), one.Would, one.Rule ?? "-", one.Why ?? "-",
                }));
            printer.Note($"{answer.WaitingIn} of {answer.WaitingAll} that wait would be let in, {answer.JoinedIn} of {answer.JoinedAll} that joined would have been.");
        });
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "1 to 63 of a-z, 0-9, '.' and '-'." };

    private static Option<bool> Software() => new("--software") { Description = "Also let in software keys, which can be copied; else only TPMs that a configured vendor answers for." };

    private static string Root(bool verified) => verified ? "verified TPM" : "verified TPM or software";
}
