using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>sign-in</c> and <c>sign-out</c>. A code never stands on the command line, where every user of the machine could read it (attack A47).</summary>
internal static class SessionCommands
{
    private const int LongestCode = 256;

    public static Command SignIn(Shell shell)
    {
        var file = new Option<FileInfo?>("--code-file") { Description = "Read the code from a file instead of standard input.", HelpName = "FILE" };
        var command = new Command("sign-in", "Trade a one-time code (from standard input) for a session.") { file };
        command.SetAction(async (parsed, ct) =>
        {
            var store = SessionFile.Of(shell.Surroundings);
            var sessions = store.Read();
            var silo = shell.Silo(parsed, sessions);
            var code = await CodeAsync(shell.Surroundings, silo, parsed.GetValue(file), ct);
            var (session, saved) = await SignInAsync(silo, code, shell.Surroundings.Http, ct);
            store.Write(sessions.With(silo, saved));
            var printer = shell.Printer(parsed);
            if (printer.IsJson) printer.Json(session with { Token = null }, ContractJson.Default.Session);
            printer.Note($"Signed in to {silo} as {session.Name} ({session.Role}) until {Shown.Time(session.ExpiresAt)}.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    public static Command SignOut(Shell shell)
    {
        var command = new Command("sign-out", "End the session and forget its token.");
        command.SetAction(async (parsed, ct) =>
        {
            var store = SessionFile.Of(shell.Surroundings);
            var sessions = store.Read();
            var silo = shell.Silo(parsed, sessions);
            var printer = shell.Printer(parsed);
            if (!sessions.Silos.Remove(silo.ToString(), out var session))
            {
                printer.Note($"There is no session with {silo}.");
                return (int)ExitCode.Ok;
            }
            // Forgotten first: whatever the silo answers, this machine no longer has the token.
            store.Write(sessions with { Last = sessions.Last == silo.ToString() ? null : sessions.Last });
            using var api = new SiloApi(silo, session.Token, shell.Surroundings.Http());
            await api.SignOutAsync(ct);
            printer.Note($"Signed out of {silo}.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The session for another program, through a pipe: <c>curl -H @&lt;(trustmesh session-header) ...</c>. A terminal, whose lines are kept and seen, gets nothing.</summary>
    public static Command Header(Shell shell)
    {
        var command = new Command("session-header", """
            Print the Authorization header of the session, or of the API token where there is one, for another program and never on a terminal.
            Example: curl -H @<(trustmesh session-header) http://127.0.0.1:7080/api/v1/mesh
            """);
        command.SetAction(parsed =>
        {
            if (shell.Surroundings.OutIsTerminal)
                throw new CommandFailure(ExitCode.Usage, "The header holds a token, and is not for a terminal.", "Give it to another program: curl -H @<(trustmesh session-header) URL");
            shell.Surroundings.Out.WriteLine($"Authorization: Bearer {shell.Token(parsed)}");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Uses up the code. The authority's pin is kept too, so that bundles can be checked offline later.</summary>
    public static async Task<(Session Session, SavedSession Saved)> SignInAsync(SiloAddresses silo, string code, Func<HttpMessageHandler> http, CancellationToken ct)
    {
        using var door = new SiloApi(silo, null, http());
        var session = await door.SignInAsync(new SignIn(code), ct);
        if (session.Token is not { Length: > 0 } token) throw new CommandFailure(ExitCode.Failure, "The silo gave a session without a token.", "Check that silo and trustmesh have the same version.");
        using var api = new SiloApi(silo, token, http());
        var authority = (await api.MeshAsync(ct)).Authority;
        return (session, new SavedSession(token, session.Name, session.Role, session.ExpiresAt, authority));
    }

    private static async Task<string> CodeAsync(Surroundings surroundings, SiloAddresses silo, FileInfo? file, CancellationToken ct)
    {
        string? text;
        if (file is not null)
        {
            if (!file.Exists) throw new CommandFailure(ExitCode.Usage, $"There is no file {file.FullName}.", "Give the file the silo or an admin wrote the code to.");
            text = System.Text.Encoding.UTF8.GetString(Arguments.ReadBounded(file, LongestCode));
        }
        else
        {
            if (surroundings.InIsTerminal) surroundings.Error.Write($"One-time code for {silo}: ");
            text = await surroundings.In.ReadLineAsync(ct);
        }
        return text?.Trim() is { Length: > 0 and <= LongestCode } code ? code
            : throw new CommandFailure(ExitCode.Usage, "There was no code.", "Pipe it in, type it, or give --code-file.");
    }
}
