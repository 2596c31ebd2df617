using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;

namespace TrustMesh.Cli;

/// <summary>What every command shares: the options that stand anywhere on the line, and the session they lead to.</summary>
internal sealed class Shell(Surroundings surroundings)
{
    private readonly Option<bool> json = new("--json") { Description = "Print data as JSON.", Recursive = true };
    private readonly Option<string?> silo = new("--silo") { Description = "Address of the silo's operator listener; several with commas, of which any will do.", HelpName = "URL[,URL...]", Recursive = true };

    /// <summary>What a silo listens on unless told otherwise.</summary>
    public const string DefaultSilo = "http://127.0.0.1:7080";

    public Surroundings Surroundings { get; } = surroundings;

    public IReadOnlyList<Option> Options => [json, silo];

    public Printer Printer(ParseResult parsed) => new(Surroundings, parsed.GetValue(json));

    /// <summary>--silo, TRUSTMESH_SILO, the silo signed in to last, the default: the first there is.</summary>
    public SiloAddresses Silo(ParseResult parsed, SavedSessions sessions)
        => SiloAddresses.Parse(parsed.GetValue(silo) ?? Surroundings.Variable("TRUSTMESH_SILO") ?? sessions.Last ?? DefaultSilo);

    /// <summary>The API of the silo, signed in or with an API token. The caller disposes it.</summary>
    public SiloApi Api(ParseResult parsed)
    {
        var (address, token) = SignedIn(parsed);
        return new SiloApi(address, token, Surroundings.Http());
    }

    /// <summary>The API token of the environment; else of the session with the silo, or with several of which it is one.</summary>
    public string Token(ParseResult parsed) => SignedIn(parsed).Token;

    private (SiloAddresses Silo, string Token) SignedIn(ParseResult parsed)
    {
        // A machine has no session, and its token is sent to no silo that somebody once signed in to here: it may be of another mesh.
        if (ApiToken.Of(Surroundings) is { } machine) return (Silo(parsed, SavedSessions.None), machine);
        var sessions = SessionFile.Of(Surroundings).Read();
        var address = Silo(parsed, sessions);
        // A session with several silos counts at each, and whoever names one of them means it.
        var session = sessions.Silos.GetValueOrDefault(address.ToString()) ?? sessions.Silos.FirstOrDefault(one => one.Key.Split(',').Contains(address.ToString())).Value;
        if (session is null || session.ExpiresAt <= Surroundings.Time.GetUtcNow())
            throw new CommandFailure(ExitCode.Denied, $"You are not signed in to {address}.", $"Run: trustmesh sign-in --silo {address}");
        return (address, session.Token);
    }

    /// <summary>Sets what a command does with a signed-in API.</summary>
    public void OnApi(Command command, Func<SiloApi, Printer, ParseResult, CancellationToken, Task> run)
        => command.SetAction(async (parsed, ct) =>
        {
            using var api = Api(parsed);
            await run(api, Printer(parsed), parsed, ct);
            return (int)ExitCode.Ok;
        });
}
