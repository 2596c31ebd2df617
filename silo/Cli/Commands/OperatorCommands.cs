using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>operator</c>: people.</summary>
internal static class OperatorCommands
{
    public static Command Build(Shell shell) => new("operator", "People who use this mesh.") { Add(shell) };

    private static Command Add(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "Who it is for; stands on timelines." };
        var role = new Option<string>("--role") { Description = "viewer sees, operator also decides about devices, admin also changes policy and people.", HelpName = "viewer|operator|admin", Required = true };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        var command = new Command("add", "Make a one-time sign-in code for a person. It is shown once, on standard output.") { name, role };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var code = await api.AddOperatorAsync(new OperatorRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role)), ct);
            if (printer.IsJson) printer.Json(code, CliJson.Default.OperatorCode);
            else printer.Line(code.Code);
            printer.Note($"One-time code of {code.Name} ({code.Role}), valid until {Shown.Time(code.ExpiresAt)}.");
        });
        return command;
    }
}
