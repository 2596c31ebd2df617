using TrustMesh.Contracts;
using System.CommandLine;
using System.Globalization;
using TrustMesh.Cli.Output;

namespace TrustMesh.Cli.Commands;

/// <summary><c>reference</c>: what is known to be good, per model.</summary>
internal static class ReferenceCommands
{
    public static Command Build(Shell shell) => new("reference", "Reference values: what measured files may be.") { List(shell), Outliers(shell), Learn(shell) };

    private static Command List(Shell shell)
    {
        var command = new Command("list", "Reference values in force, one line for each accepted digest.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var references = await api.ReferencesAsync(ct);
            if (printer.IsJson) printer.Json(references, ContractJson.Default.IReadOnlyListReferenceView);
            else
                printer.Table(["MODEL", "VERSION", "EXPIRES", "NAME", "DIGEST"],
                    from reference in references
                    from file in reference.Files.Concat(reference.Registers.Select(register => KeyValuePair.Create($"PCR {register.Key}", register.Value)))
                    from digest in file.Value
                    select new[] { reference.Model, reference.Version.ToString(CultureInfo.InvariantCulture), Shown.Time(reference.ExpiresAt), file.Key, digest });
        });
        return command;
    }

    private static Command Outliers(Shell shell)
    {
        var command = new Command("outliers", "Values that active devices report and reference values do not accept, the most common first; at most 50.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var outliers = await api.OutliersAsync(ct);
            if (printer.IsJson) printer.Json(outliers, ContractJson.Default.IReadOnlyListOutlierView);
            else
                printer.Table(["MODEL", "NAME", "DIGEST", "SEEN ON", "FIRST SEEN", "DEVICE"],
                    outliers.Select(one => new[] { one.Model, one.Name, one.Digest, Shown.Share(one.SeenOn, one.Of, one.Rare), Shown.Time(one.FirstSeen), one.DeviceName }));
        });
        return command;
    }

    private static Command Learn(Shell shell)
    {
        var device = Arguments.Device();
        var pcrs = new Option<int[]?>("--pcr") { Description = "A register (PCR) of its TPM to take too, one option each; none unless they are named, as some hold what is the device's own.", HelpName = "N" };
        var command = new Command("learn", "Take what a device proved last as good for its model; the mesh authority signs it.") { device, pcrs };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var reference = await api.LearnAsync(parsed.GetRequiredValue(device), parsed.GetValue(pcrs) is { Length: > 0 } named ? named : null, ct);
            if (printer.IsJson) printer.Json(reference, ContractJson.Default.ReferenceView);
            printer.Note($"Reference values of {reference.Model} are now version {reference.Version}: {reference.Files.Count} files, {reference.Registers.Count} registers.");
        });
        return command;
    }
}
