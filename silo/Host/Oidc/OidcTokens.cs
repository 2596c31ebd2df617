using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Wire;

namespace TrustMesh.Host.Oidc;

/// <summary>
/// Judges ID tokens (OpenID Connect Core 3.1.3.7): made by the issuer's keys, which its discovery document names, with an algorithm of theirs; for our client
/// alone; in its time. The nonce is judged by who gave it. Nothing a dashboard says is believed but the token itself. Thread-safe.
/// </summary>
public sealed class OidcTokens : IDisposable
{
    private const int LongestToken = 12 * 1024, LargestDocument = 256 * 1024, MostGroups = 500, LongestSubject = 255;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromSeconds(10);

    private readonly OidcSettings settings;
    private readonly HttpClient http;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> discovery;
    private readonly TokenValidationParameters rules;
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    public OidcTokens(OidcSettings settings, TimeProvider time)
    {
        this.settings = settings;
        http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Patience, MaxResponseContentBufferSize = LargestDocument };
        discovery = new(
            settings.Issuer.OriginalString.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(http) { RequireHttps = settings.Issuer.Scheme == "https" });
        rules = new()
        {
            ConfigurationManager = discovery,
            ValidIssuer = settings.Issuer.OriginalString,
            ValidAudience = settings.ClientId,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidateIssuerSigningKey = true,
            LifetimeValidator = (from, until, _, _) => until > time.GetUtcNow().UtcDateTime - Skew && (from is null || from <= time.GetUtcNow().UtcDateTime + Skew),
        };
    }

    /// <summary>Where to send people; throws <see cref="IOException"/> with a sentence if the provider cannot be asked or is another.</summary>
    public async Task<OidcStart> StartAsync(ReadOnlyMemory<byte> nonce, int seconds, CancellationToken cancellation)
    {
        try
        {
            var told = await discovery.GetConfigurationAsync(cancellation);
            if (told.Issuer != settings.Issuer.OriginalString) throw new IOException($"The OpenID provider calls itself {Grammar.Fit(told.Issuer ?? "nothing")}, not {settings.Issuer.OriginalString}.");
            return new(Base64Url.EncodeToString(nonce.Span), told.Issuer, settings.ClientId, told.AuthorizationEndpoint, told.TokenEndpoint, "openid profile", seconds);
        }
        catch (InvalidOperationException silent)
        {
            throw new IOException("The OpenID provider does not answer, or not as one.", silent);
        }
    }

    /// <summary>The person, or why the token does not count, for the log.</summary>
    public async Task<(FederatedPerson? Person, string Why)> JudgeAsync(string? token)
    {
        if (token is not { Length: > 0 and <= LongestToken }) return (null, "no token, or one too long");
        var judged = await handler.ValidateTokenAsync(token, rules);
        // The words of the exception are the library's; its type says enough, and holds nothing of the token.
        if (!judged.IsValid || judged.SecurityToken is not JsonWebToken jwt) return (null, judged.Exception?.GetType().Name ?? "not valid");
        if (jwt.Audiences.Count() > 1 || jwt.TryGetPayloadValue<string>("azp", out var party) && party != settings.ClientId) return (null, "for other clients too");
        if (jwt.Subject is not { Length: > 0 and <= LongestSubject } subject || Grammar.HasControl(subject)) return (null, "no subject");
        if (!jwt.TryGetPayloadValue<string>("nonce", out var nonce) || !Base64Url.IsValid(nonce, out var size) || size > 128) return (null, "no nonce of ours");
        if (Name(jwt) is not { } name) return (null, "no name that can be one here: small letters, digits, dots and dashes");
        return (new($"{settings.Issuer.OriginalString} {subject}", name, Rights(Groups(jwt)), Base64Url.DecodeFromChars(nonce)), "");
    }

    public void Dispose() => http.Dispose();

    /// <summary>preferred_username, or what stands before the @ of an address, in our grammar; null if it cannot be.</summary>
    private static string? Name(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<string>("preferred_username", out var text) && !token.TryGetPayloadValue("email", out text) || text is null) return null;
        var name = text.Split('@')[0].ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
        return Grammar.IsName(name) ? name : null;
    }

    private IReadOnlyList<string> Groups(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<JsonElement>(settings.GroupClaim, out var claim)) return [];
        return claim.ValueKind switch
        {
            JsonValueKind.String => [claim.GetString()!],
            JsonValueKind.Array => [.. claim.EnumerateArray().Take(MostGroups).Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)],
            _ => [],
        };
    }

    private OperatorRights? Rights(IReadOnlyList<string> groups)
        => OperatorRights.Parse([.. groups.Distinct().Where(settings.Groups.ContainsKey).SelectMany(group => settings.Groups[group]).DistinctBy(grant => (grant.Role, string.Join(',', grant.Sites ?? [])))], out _);
}
