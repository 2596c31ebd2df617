using System.CommandLine;
using TrustMesh.Cli.Commands;

namespace TrustMesh.Cli;

/// <summary>The whole command line: every command is in the tree that <see cref="Build"/> makes, and every end is an <see cref="ExitCode"/>.</summary>
internal static class CommandLine
{
    private const string Description = """
        trustmesh: see, decide and verify who is trusted in a TrustMesh mesh.

        Data goes to standard output, everything else to standard error; --json gives data as JSON of stable shape.

        Environment:
          TRUSTMESH_SILO         address of the silo's operator listener, or several with commas; --silo wins
          TRUSTMESH_TOKEN_FILE   where the session is kept (~/.config/trustmesh/token.json)
          TRUSTMESH_API_TOKEN_FILE, TRUSTMESH_API_TOKEN
                                 an API token, in a file of mode 0600 or itself: used instead of a session
          NO_COLOR               no colours

        Exit codes:
          0 ok   1 failure   2 wrong usage   3 not found   4 denied   5 conflict   6 not trusted   7 timeout   130 interrupted
        """;

    public static RootCommand Build(Shell shell)
    {
        var root = new RootCommand(Description)
        {
            SessionCommands.SignIn(shell), SessionCommands.SignOut(shell), SessionCommands.Header(shell),
            DeviceCommands.Build(shell), QueryCommands.Build(shell), EdgeCommands.Build(shell), EnrolCommands.Build(shell), ReferenceCommands.Build(shell), PolicyCommands.Build(shell),
            AlertCommands.Build(shell), WebhookCommands.Build(shell),
            RevocationCommands.Build(shell), LogCommands.Build(shell), HistoryCommands.Build(shell), SiloCommands.Build(shell), SettingsCommands.Sites(shell),
            OperatorCommands.Build(shell), ApiTokenCommands.Build(shell), EvidenceCommands.Build(shell), QuoteCommands.Build(shell),
            MeshCommands.Events(shell), MeshCommands.Graph(shell), MeshCommands.Mesh(shell), DemoCommands.Build(shell), CompletionCommands.Build(shell), VersionCommand.Build(shell),
        };
        foreach (var option in shell.Options) root.Add(option);
        return root;
    }

    /// <summary>Parses and runs; the process's exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Surroundings surroundings)
    {
        var parsed = Build(new Shell(surroundings)).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) surroundings.Error.WriteLine(error.Message);
            surroundings.Error.WriteLine($"See: {string.Join(' ', PathOf(parsed))} --help");
            return (int)ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(
                new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = surroundings.Out, Error = surroundings.Error }, surroundings.Stopping);
        }
        catch (CommandFailure failure)
        {
            surroundings.Error.WriteLine($"trustmesh: {Output.Shown.Line(failure.Message)}");
            return (int)failure.Code;
        }
        catch (OperationCanceledException) when (surroundings.Stopping.IsCancellationRequested)
        {
            return (int)ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            surroundings.Error.WriteLine($"trustmesh: {Output.Shown.Line(failure.Message)}");
            return (int)ExitCode.Failure;
        }
    }

    private static IEnumerable<string> PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult) names.Push(at.Parent is null ? "trustmesh" : at.Command.Name);
        return names;
    }
}
