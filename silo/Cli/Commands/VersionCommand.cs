using System.CommandLine;
using System.Reflection;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>version</c>: which one this is, and what it is made of.</summary>
internal static class VersionCommand
{
    public static Command Build(Shell shell)
    {
        var sbom = new Option<bool>("--sbom") { Description = "Print what this program is made of, with versions, digests and licences, as CycloneDX 1.6 (JSON)." };
        var command = new Command("version", "Which version this is; with --sbom, what it is made of.") { sbom };
        command.SetAction(parsed =>
        {
            var program = typeof(VersionCommand).Assembly;
            if (!parsed.GetValue(sbom))
            {
                shell.Surroundings.Out.WriteLine(program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
                return;
            }
            if (!File.Exists(Sbom.FileOf(program))) throw new CommandFailure(ExitCode.NotFound, $"{Sbom.FileOf(program)} is not there.", "The build puts it beside the program; copy it along.");
            shell.Surroundings.Out.Write(File.ReadAllText(Sbom.FileOf(program)));
        });
        return command;
    }
}
