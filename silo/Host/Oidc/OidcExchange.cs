using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace TrustMesh.Host.Oidc;

/// <summary>
/// Our client at the provider's token endpoint: trades an authorization code for tokens (RFC 6749 4.1.3 with RFC 7636), and a refresh token for newer ones (RFC 6749 6). What comes
/// back is not read here. Thread-safe.
/// </summary>
public sealed class OidcExchange(OidcProvider provider)
{
    private const int LongestRefresh = 8 * 1024, MostAtOnce = 16;

    /// <summary>Errors that are ours or of the moment: they say nothing of the person.</summary>
    private static readonly string[] NotTheirs = ["invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type", "invalid_scope", "temporarily_unavailable", "server_error", "slow_down"];

    private readonly SemaphoreSlim places = new(MostAtOnce);

    /// <returns>What it gave, or why it says no, for the log. Throws <see cref="IOException"/> if it does not answer as a provider would.</returns>
    public async Task<(OidcGrant? Grant, string Why)> TradeAsync(string code, string verifier, string redirect, CancellationToken cancellation)
    {
        // Anybody can come with a code: what that costs us and the provider has an end (attack A42).
        await places.WaitAsync(cancellation);
        try
        {
            return await AskAsync(new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirect, ["code_verifier"] = verifier }, cancellation);
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>As <see cref="TradeAsync"/>; who asks so sees to it that nobody does at the same moment.</summary>
    public Task<(OidcGrant? Grant, string Why)> RefreshAsync(string refreshToken, CancellationToken cancellation)
        => AskAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, cancellation);

    private async Task<(OidcGrant? Grant, string Why)> AskAsync(Dictionary<string, string> form, CancellationToken cancellation)
    {
        var settings = provider.Settings;
        var endpoint = (await provider.ToldAsync(cancellation)).TokenEndpoint;
        if (!OidcProvider.IsSafe(endpoint)) throw new IOException("The provider's token endpoint is no https address.");
        form["client_id"] = settings.ClientId;
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        if (settings.SecretFile is { } file)
        {
            // Read each time: a secret that was renewed counts without a restart.
            var secret = (await ReadAsync(file, cancellation)).Trim();
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(settings.ClientId)}:{Uri.EscapeDataString(secret)}")));
        }
        try
        {
            using var answer = await provider.Http.SendAsync(request, cancellation);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
            if (answer.IsSuccessStatusCode) return (Read(document.RootElement), "");
            var error = Text(document.RootElement, "error");
            if ((int)answer.StatusCode is < 400 or >= 500 or 408 or 429 || error is null || NotTheirs.Contains(error)) throw new IOException($"The provider's token endpoint answered {(int)answer.StatusCode}.");
            return (null, Wire.Grammar.Fit(error));
        }
        catch (Exception bad) when (bad is HttpRequestException or JsonException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new IOException("The provider's token endpoint did not answer as one.", bad);
        }
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellation);
        }
        catch (UnauthorizedAccessException closed)
        {
            throw new IOException("The file with the client's secret cannot be read.", closed);
        }
    }

    private static OidcGrant Read(JsonElement answer)
        => Text(answer, "id_token") is { } token
            ? new(token, Text(answer, "refresh_token") is { Length: > 0 and <= LongestRefresh } refresh ? refresh : null)
            : throw new IOException("The provider's token endpoint gave no ID token.");

    private static string? Text(JsonElement answer, string name)
        => answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
