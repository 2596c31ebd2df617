using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>device approve|reject|enrolment</c>, <c>enroll show</c>: who waits to be let in, one at a time or many by a query.</summary>
internal static class QueueCommands
{
    public static Command Approve(Shell shell) => Decide(shell, "approve", "Admit a pending device, or all pending devices that a query finds.", reasonRequired: false);

    public static Command Reject(Shell shell) => Decide(shell, "reject", "Turn a pending device away for good, or all that a query finds.", reasonRequired: true);

    /// <param name="name">Of the command: it stands beside what is done about devices, and beside what lets them in.</param>
    public static Command Enrolment(Shell shell, string name = "enrolment")
    {
        var device = Arguments.Device();
        var command = new Command(name, "What is known of a device's hardware: the certificates of its TPM, whether it was seen before, and while it waits what it proved against the reference values of its model.") { device };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var view = await api.EnrolmentAsync(parsed.GetRequiredValue(device), ct);
            if (printer.IsJson)
            {
                printer.Json(view, ContractJson.Default.EnrolmentView);
                return;
            }
            printer.Facts([("device", view.Device), ("admitted by", view.AdmittedBy), ("endorsement", view.Endorsement?.Words ?? "nothing is kept of it"), ("verified", view.Endorsement is { } known ? Shown.YesNo(known.Verified) : "-")]);
            if (view.Endorsement is { Certificates.Count: > 0 } endorsement)
            {
                printer.Heading("Certificates");
                printer.Table(["SUBJECT", "ISSUER", "VENDOR", "SERIAL", "FROM", "UNTIL"], endorsement.Certificates.Select(one => new[]
                    { one.Problem ?? one.Subject, one.Issuer, one.Vendor ?? "-", one.Serial, Shown.Time(one.NotBefore), Shown.Until(one.NotBefore, one.NotAfter, shell.Surroundings.Time.GetUtcNow(), Validity.CertificateSoon) }));
            }
            printer.Heading(view.Seen.Count == 0 ? "Not seen before" : "Seen before");
            if (view.Seen.Count > 0)
                printer.Table(["SAME", "DEVICE", "NAME", "SITE", "STANDING", "WHEN", "BY"], view.Seen.Select(one => new[]
                    { one.How, Shown.ShortId(one.Device), one.Name, one.Site, one.Standing, Shown.Time(one.At), one.By.Length == 0 ? "-" : one.By }));
            ProofPrint.Print(printer, view.Proof);
        });
        return command;
    }

    private static Command Decide(Shell shell, string verb, string description, bool reasonRequired)
    {
        var device = new Argument<string?>("DEVICE") { Description = Arguments.Device().Description, Arity = ArgumentArity.ZeroOrOne };
        var query = new Option<string?>("--query", "-q") { Description = "All pending devices that it finds, such as 'site:oslo tier:tpm-quote'; see: trustmesh query fields", HelpName = "QUERY" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would happen, and do nothing." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var reason = Arguments.Reason(false);
        var command = new Command(verb, description) { device, query, reason, dryRun, yes };
        command.Validators.Add(result =>
        {
            if (result.GetValue(device) is null == string.IsNullOrWhiteSpace(result.GetValue(query))) result.AddError("Name either a device or a --query.");
            if (reasonRequired && !result.GetValue(dryRun) && string.IsNullOrWhiteSpace(result.GetValue(reason))) result.AddError($"Option '--reason' is required to {verb}.");
        });
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var named = parsed.GetValue(device);
            if (named is not null && verb == "approve" && !parsed.GetValue(dryRun))
            {
                var summary = await api.DecideAsync(named, verb, new Decision(parsed.GetValue(reason)), ct);
                if (printer.IsJson) printer.Json(summary, ContractJson.Default.DeviceSummary);
                printer.Note($"{summary.Name} ({Shown.ShortId(summary.Id)}) is {summary.Standing} and looks {summary.Look}.");
                return;
            }
            var ids = named is null ? null : (IReadOnlyList<DeviceMark>)[new((await api.DeviceAsync(named, ct)).Device.Id)];
            var tried = await api.DecideManyAsync(new(verb, ids, parsed.GetValue(query), DryRun: true), ct);
            if (parsed.GetValue(dryRun))
            {
                Print(printer, tried);
                return;
            }
            if (tried.Count == 0)
            {
                Print(printer, tried);
                if (tried.Devices.Any(one => one.Outcome == "forbidden")) throw new CommandFailure(ExitCode.Denied, $"You may not {verb} any of these devices.", "Ask an admin.");
                printer.Note("Nobody is waiting who is meant by that.");
                return;
            }
            // One that is named by itself is meant.
            if (named is null && !parsed.GetValue(yes)) Confirm(shell, printer, verb, tried);
            var would = tried.Devices.Where(one => one.Outcome == "would").Select(one => new DeviceMark(one.Id, one.Mark)).ToList();
            var answer = await api.DecideManyAsync(new(verb, would, Reason: parsed.GetValue(reason)), ct);
            Print(printer, answer);
            var open = answer.Devices.Count(one => one.Outcome is not ("done" or "already"));
            if (open > 0) throw new CommandFailure(ExitCode.Conflict, $"{open} of {answer.Devices.Count} devices were left alone.", "Look at them, and send it again.");
        });
        return command;
    }

    private static void Confirm(Shell shell, Printer printer, string verb, BulkAnswer tried)
    {
        if (!shell.Surroundings.InIsTerminal)
            throw new CommandFailure(ExitCode.Usage, $"{tried.Count} devices would be {Past(verb)}.", "Add --yes to do it, or --dry-run to see which.");
        foreach (var one in tried.Devices.Where(one => one.Warning is not null)) printer.Note($"{one.Name} ({Shown.ShortId(one.Id)}): {one.Warning}");
        shell.Surroundings.Error.Write($"{tried.Count} devices would be {Past(verb)}. Type yes to go on: ");
        if (shell.Surroundings.In.ReadLine()?.Trim() != "yes") throw new CommandFailure(ExitCode.Failure, "Nothing was done.", "");
    }

    private static void Print(Printer printer, BulkAnswer answer)
    {
        if (printer.IsJson) printer.Json(answer, ContractJson.Default.BulkAnswer);
        else
            printer.Table(["ID", "NAME", "SITE", "OUTCOME", "WHY"], answer.Devices.Select(one => new[]
                { Shown.ShortId(one.Id), one.Name, one.Site, one.Outcome, one.Why ?? one.Warning ?? "-" }));
        printer.Note(answer.DryRun ? $"{answer.Count} of {answer.Devices.Count} would be {Past(answer.Act)}." : $"{answer.Count} of {answer.Devices.Count} {Past(answer.Act)}.");
    }

    private static string Past(string verb) => verb == "reject" ? "rejected" : "approved";
}
