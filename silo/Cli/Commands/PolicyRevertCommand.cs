using System.CommandLine;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>policy revert</c>: an earlier version, tried out and signed as a new one.</summary>
internal static class PolicyRevertCommand
{
    public static Command Build(Shell shell)
    {
        var version = new Argument<long>("VERSION") { Description = "What is to hold again; see: trustmesh policy versions" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what it would do; ends with 6 if a device would fail." };
        var reason = new Option<string?>("--reason") { Description = "Why; it is kept with the version (back to version N).", HelpName = "TEXT" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask, also if devices would fail." };
        var command = new Command("revert", "Take a change of the policy back: what an earlier version said is tried out on the last evidence of every device, and signed with the next version.") { version, dryRun, reason, yes };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var (number, dry) = (parsed.GetValue(version), parsed.GetValue(dryRun));
            var (current, earlier) = (await api.PolicyAsync(ct), await api.PolicyAsync(number, ct));
            if (PolicyDiff.Of(current, earlier).All(line => line.Change == "same")) throw new CommandFailure(ExitCode.Conflict, $"Version {number} says what version {current.Version}, which is in force, says.", "");
            var draft = PolicyUpdate.Of(earlier);
            // Of one JSON document the other is the answer.
            var done = printer.IsJson && !dry ? await api.SimulatePolicyAsync(draft, ct) : await PolicyDraftCommands.TryAsync(api, printer, draft, ct);
            if (dry && done.Fails > 0) throw new CommandFailure(ExitCode.NotTrusted, $"{done.Fails} devices would fail.", "");
            if (dry) return;
            if (done.Fails > 0) Confirmation.Ask(shell.Surroundings, printer, parsed.GetValue(yes), $"{done.Fails}", $"fail {done.Fails} devices that pass now");
            var signed = await api.SetPolicyAsync(draft with { Reason = parsed.GetValue(reason) ?? $"back to version {number}" }, ct, done.Against);
            if (printer.IsJson) PolicyCommands.Print(printer, signed);
            printer.Note($"Signed as version {signed.Version}. Devices are judged by it from their next proof on.");
        });
        return command;
    }
}
