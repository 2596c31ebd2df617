using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Api;

/// <summary>Turns what can go wrong with a silo into one sentence, its fix and an exit code. Branches on codes, never on texts.</summary>
/// <param name="machine">It is asked with an API token, for which there is no signing in.</param>
internal sealed class SiloFailures(SiloAddresses silo, bool machine)
{
    /// <summary>Runs one exchange; a silo that cannot be reached becomes a failure.</summary>
    public async Task<T> TranslateAsync<T>(Func<Task<T>> exchange)
    {
        try
        {
            return await exchange();
        }
        catch (HttpRequestException e)
        {
            throw e.HttpRequestError switch
            {
                HttpRequestError.SecureConnectionError => new CommandFailure(ExitCode.Failure, $"The silo at {silo} has no certificate this machine trusts.",
                    "Check the address, or add the certificate to the machine's trust store.", e),
                HttpRequestError.ConfigurationLimitExceeded => new CommandFailure(ExitCode.Failure, $"What answers at {silo} sends more than any answer of a silo has.",
                    "Check the address.", e),
                _ => new CommandFailure(ExitCode.Failure, $"No silo answers at {silo} ({e.Message}).", "Start it, or give the right address with --silo or TRUSTMESH_SILO.", e),
            };
        }
    }

    public async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken ct)
    {
        await ThrowUnlessOkAsync(answer, ct);
        try
        {
            return await answer.Content.ReadFromJsonAsync(type, ct) ?? throw NotASilo(null);
        }
        catch (JsonException e)
        {
            throw NotASilo(e);
        }
    }

    public async Task ThrowUnlessOkAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.IsSuccessStatusCode) return;
        var problem = await ProblemOfAsync(answer, ct);
        var said = problem?.Detail ?? problem?.Title;
        throw (problem?.Code, (int)answer.StatusCode) switch
        {
            ("unauthenticated", _) or (null, 401) when machine => new CommandFailure(ExitCode.Denied, Said(said, "The silo does not know this API token."), "A person who is admin makes another: trustmesh api-token create NAME ROLE"),
            ("forbidden", _) or (null, 403) when machine => new CommandFailure(ExitCode.Denied, said ?? "The API token does not allow this.", ""),
            ("unauthenticated", _) or (null, 401) => new CommandFailure(ExitCode.Denied, said ?? "The silo does not know this session.", $"Sign in: trustmesh sign-in --silo {silo}"),
            ("forbidden", _) or (null, 403) => new CommandFailure(ExitCode.Denied, said ?? "Your role does not allow this.", "Sign in with an account that has the role, or ask an admin."),
            ("not_found", _) or (null, 404) => new CommandFailure(ExitCode.NotFound, said ?? "There is no such thing on this silo.", $"List what there is with: trustmesh {ListOf(answer.RequestMessage?.RequestUri)}"),
            ("ambiguous", _) => new CommandFailure(ExitCode.Conflict, said ?? "Several devices match.", "Give more characters of the id."),
            ("conflict", _) or (null, 409) => new CommandFailure(ExitCode.Conflict, said ?? "That is not possible in the state it is in.", "Look at it again and repeat if it still applies."),
            ("invalid", _) or (null, 400) => new CommandFailure(ExitCode.Usage, said ?? "The silo refused the values.", ""),
            ("rate_limited", _) => new CommandFailure(ExitCode.Failure, said ?? "Too many requests.", "Wait a minute and try again."),
            _ => new CommandFailure(ExitCode.Failure, said ?? $"The silo answered {(int)answer.StatusCode}.", problem is null ? $"Is {silo} the operator address of a silo?" : ""),
        };
    }

    /// <summary>What the silo tells strangers is how people sign in; of a token that was one it says what became of it.</summary>
    private static string Said(string? said, string otherwise) => said?.StartsWith("The API token", StringComparison.Ordinal) == true ? said : otherwise;

    /// <summary>The command that lists what was asked for, by the first word of the route.</summary>
    private static string ListOf(Uri? route) => route?.Segments.ElementAtOrDefault(3)?.TrimEnd('/') switch
    {
        "silos" => "silo list",
        "queries" => "query list",
        "alerts" => "alert list",
        "webhooks" => "webhook list",
        "edges" => "edge list",
        "revocations" => "revocation list",
        "enroll" => "enroll token list",
        "api-tokens" => "api-token list",
        _ => "device list",
    };

    private static async Task<Problem?> ProblemOfAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.Content.Headers.ContentType?.MediaType is not "application/problem+json") return null;
        try
        {
            return await answer.Content.ReadFromJsonAsync(ContractJson.Default.Problem, ct);
        }
        catch (JsonException)
        {
            // The status alone decides then; the caller reports it.
            return null;
        }
    }

    private CommandFailure NotASilo(Exception? cause)
        => new(ExitCode.Failure, $"What answers at {silo} does not speak this version's API.", "Check the address and that silo and trustmesh have the same version.", cause);
}
