using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using TrustMesh.Wire;

namespace TrustMesh.Host.Oidc;

/// <summary>
/// The provider as its discovery document tells (OpenID Connect Discovery 1.0), and what is signed with its keys: by an algorithm of a short list that the token does not choose from
/// outside of it, for our client alone, in its time. Thread-safe.
/// </summary>
public sealed class OidcProvider : IDisposable
{
    /// <summary>Characters of a token; how far clocks may differ.</summary>
    public const int LongestToken = 12 * 1024;

    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private const int LargestDocument = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConfigurationManager<OpenIdConnectConfiguration> discovery;
    private readonly TokenValidationParameters rules;
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };
    private OpenIdConnectConfiguration? last;

    public OidcProvider(OidcSettings settings, TimeProvider time)
    {
        Settings = settings;
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Patience, MaxResponseContentBufferSize = LargestDocument };
        discovery = new(
            settings.Issuer.OriginalString.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(Http) { RequireHttps = settings.Issuer.Scheme == "https" });
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

    public OidcSettings Settings { get; }

    public string Issuer => Settings.Issuer.OriginalString;

    /// <summary>Where people can sign out at the provider too, as it was last told; null if it offers that not, or was never asked.</summary>
    public string? EndsSessions => Volatile.Read(ref last)?.EndSessionEndpoint is { Length: > 0 } address && IsSafe(address) ? address : null;

    internal HttpClient Http { get; }

    /// <summary>Throws <see cref="IOException"/> with a sentence if the provider cannot be asked, or is another.</summary>
    public async Task<OpenIdConnectConfiguration> ToldAsync(CancellationToken cancellation)
    {
        OpenIdConnectConfiguration told;
        try
        {
            told = await discovery.GetConfigurationAsync(cancellation);
        }
        catch (InvalidOperationException silent)
        {
            throw new IOException("The OpenID provider does not answer, or not as one.", silent);
        }
        if (told.Issuer != Issuer) throw new IOException($"The OpenID provider calls itself {Grammar.Fit(told.Issuer ?? "nothing")}, not {Issuer}.");
        Volatile.Write(ref last, told);
        return told;
    }

    /// <summary>A token by the provider's keys for us alone, in its time; or why it is none, for the log.</summary>
    public async Task<(JsonWebToken? Token, string Why)> VerifyAsync(string? token)
    {
        if (token is not { Length: > 0 and <= LongestToken }) return (null, "no token, or one too long");
        var judged = await handler.ValidateTokenAsync(token, rules);
        // The words of the exception are the library's; its type says enough, and holds nothing of the token.
        if (!judged.IsValid || judged.SecurityToken is not JsonWebToken jwt) return (null, judged.Exception?.GetType().Name ?? "not valid");
        return jwt.Audiences.Count() > 1 || jwt.TryGetPayloadValue<string>("azp", out var party) && party != Settings.ClientId ? (null, "for other clients too") : (jwt, "");
    }

    public void Dispose() => Http.Dispose();

    /// <summary>There is such a claim, whatever it is: the library's own question finds only values of the kind that is asked for.</summary>
    internal static bool Has(JsonWebToken token, string claim)
    {
        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        return payload.RootElement.TryGetProperty(claim, out _);
    }

    /// <summary>https, or http on this machine: what goes there is nobody else's.</summary>
    internal static bool IsSafe(string? address)
        => Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);
}
