using TrustMesh.Contracts;
using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Evidence;
using TrustMesh.Cli.Output;
using TrustMesh.Wire;

namespace TrustMesh.Cli.Commands;

/// <summary><c>evidence</c>: what a device proved, as a file that anyone can check later without a silo.</summary>
internal static class EvidenceCommands
{
    public static Command Build(Shell shell) => new("evidence", "Evidence bundles.") { Show(shell), Fetch(shell), Verify(shell) };

    private static Command Show(Shell shell)
    {
        var device = Arguments.Device();
        var command = new Command("show", "The evidence behind a device's last verdict, field by field. To check it rather than read it: evidence fetch, then evidence verify.") { device };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var view = await api.EvidenceAsync(parsed.GetRequiredValue(device), ct);
            if (printer.IsJson) printer.Json(view, ContractJson.Default.EvidenceView);
            else printer.Table(["PART", "FIELD", "VALUE"], view.Parts.SelectMany(part => part.Fields.Select(field => new[] { part.Name, field.Name, field.Value })));
            printer.Note($"Accepted {Shown.Time(view.AcceptedAt)} under policy {view.Policy}; {view.Bytes} bytes, SHA-256 {view.Digest}.");
        });
        return command;
    }

    private static Command Fetch(Shell shell)
    {
        var device = Arguments.Device();
        var output = new Option<FileInfo>("--output", "-o") { Description = "Where to write it.", HelpName = "FILE", Required = true };
        var command = new Command("fetch", "Fetch the bundle behind a device's last verdict.") { device, output };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var file = parsed.GetRequiredValue(output);
            var bundle = await api.BundleAsync(parsed.GetRequiredValue(device), ct);
            await File.WriteAllBytesAsync(file.FullName, bundle, ct);
            printer.Note($"{bundle.Length} bytes in {file.FullName}. Check them with: trustmesh evidence verify {file.Name}");
        });
        return command;
    }

    private static Command Verify(Shell shell)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A bundle, as evidence fetch wrote it." }.AcceptExistingOnly();
        var authority = new Option<string?>("--authority") { Description = "The mesh authority: hex SHA-256 of its public key, or its certificate or public key as a PEM file.", HelpName = "HEX|PEM" };
        var command = new Command("verify", """
            Repeat a verdict offline, from the bundle alone: every signature, the quote, the log, the policy, the reference values.
            The mesh authority has to be known: from --authority, TRUSTMESH_AUTHORITY, or a sign-in to its silo. Without it the bundle could
            be anybody's and is not trusted. Exit code 0 if the verdict can be repeated and is affirming, else 6.
            """) { file, authority };
        command.SetAction(parsed =>
        {
            var bytes = Arguments.ReadBounded(parsed.GetRequiredValue(file), Caps.Bundle);
            var named = parsed.GetValue(authority) ?? shell.Surroundings.Variable("TRUSTMESH_AUTHORITY");
            var pins = named is null ? AuthorityPin.Known(SessionFile.Of(shell.Surroundings).Read()) : [AuthorityPin.Parse(named)];
            return (int)BundleReport.Of(bytes, pins).Print(shell.Printer(parsed));
        });
        return command;
    }
}
