using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Sessions;

/// <summary>Trades an authorization code for an ID token at the provider (RFC 6749 4.1.3 with RFC 7636). The token is not read here: the silo judges it.</summary>
/// <param name="secretFile">With our client's secret; null for a client without one.</param>
public sealed class OidcExchange(string? secretFile) : IDisposable
{
    private const int Largest = 64 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = Largest,
    };

    /// <exception cref="IOException">The provider does not answer with a token.</exception>
    public async Task<string> IdTokenAsync(OidcJourney journey, string code, CancellationToken cancel)
    {
        if (!Uri.TryCreate(journey.TokenEndpoint, UriKind.Absolute, out var endpoint) || !(endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback)))
            throw new IOException("The provider's token endpoint is no https address.");
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = journey.RedirectUri, ["client_id"] = journey.ClientId, ["code_verifier"] = journey.Verifier,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        if (secretFile is not null)
        {
            // Read each time: a secret that was renewed counts without a restart.
            var secret = (await File.ReadAllTextAsync(secretFile, cancel)).Trim();
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(journey.ClientId)}:{Uri.EscapeDataString(secret)}")));
        }
        try
        {
            using var answer = await _http.SendAsync(request, cancel);
            if (!answer.IsSuccessStatusCode)
                throw new IOException($"The provider's token endpoint answered {(int)answer.StatusCode}.");
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancel));
            return document.RootElement.GetProperty("id_token").GetString() ?? throw new IOException("The provider gave no ID token.");
        }
        catch (Exception bad) when (bad is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException || (bad is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new IOException("The provider's token endpoint did not answer with a token.", bad);
        }
    }

    public void Dispose() => _http.Dispose();
}
