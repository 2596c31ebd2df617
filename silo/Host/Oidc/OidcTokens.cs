using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Wire;

namespace TrustMesh.Host.Oidc;

/// <summary>
/// Judges ID tokens (OpenID Connect Core 3.1.3.7; of a refresh 12.2). The nonce is judged by who gave it. Nothing a dashboard says is believed but the token itself. Thread-safe.
/// </summary>
public sealed class OidcTokens(OidcProvider provider)
{
    private const int MostGroups = 500, LongestSubject = 255, LongestSid = 255, LongestNonce = 128;

    private readonly OidcSettings settings = provider.Settings;

    /// <summary>Where to send people; throws <see cref="IOException"/> with a sentence if the provider cannot be asked or is another.</summary>
    public async Task<OidcStart> StartAsync(ReadOnlyMemory<byte> nonce, int seconds, CancellationToken cancellation)
    {
        var told = await provider.ToldAsync(cancellation);
        var scope = settings.Scope ?? (told.ScopesSupported.Contains("offline_access") ? "openid profile offline_access" : "openid profile");
        return new(Base64Url.EncodeToString(nonce.Span), told.Issuer, settings.ClientId, told.AuthorizationEndpoint, scope, seconds);
    }

    /// <summary>The person, or why the token does not count, for the log.</summary>
    /// <param name="isNew">Of a sign-in: it has to carry a nonce and a name. Of a refresh it need not.</param>
    public async Task<(FederatedPerson? Person, string Why)> JudgeAsync(string? token, bool isNew)
    {
        var (jwt, why) = await provider.VerifyAsync(token);
        if (jwt is null) return (null, why);
        if (Subject(jwt) is not { } subject) return (null, "no subject");
        var nonce = jwt.TryGetPayloadValue<string>("nonce", out var text) && Base64Url.IsValid(text, out var size) && size <= LongestNonce ? Base64Url.DecodeFromChars(text) : null;
        if (nonce is null && (isNew || OidcProvider.Has(jwt, "nonce"))) return (null, "no nonce of ours");
        var name = Name(jwt);
        if (isNew && name is null) return (null, "no name that can be one here: small letters, digits, dots and dashes");
        return (new(subject, name ?? "", Rights(Groups(jwt)), nonce, new(jwt.ValidTo, TimeSpan.Zero), Sid(jwt)), "");
    }

    /// <summary>Issuer and the provider's own id of the person: what they are known by here.</summary>
    internal string? Subject(JsonWebToken token)
        => token.TryGetPayloadValue<string>("sub", out var subject) && subject is { Length: > 0 and <= LongestSubject } && !Grammar.HasControl(subject) ? $"{provider.Issuer} {subject}" : null;

    internal static string? Sid(JsonWebToken token)
        => token.TryGetPayloadValue<string>("sid", out var sid) && sid is { Length: > 0 and <= LongestSid } && !Grammar.HasControl(sid) ? sid : null;

    /// <summary>preferred_username, or what stands before the @ of an address, in our grammar; null if it cannot be.</summary>
    private static string? Name(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<string>("preferred_username", out var text) && !token.TryGetPayloadValue("email", out text) || text is null) return null;
        var name = text.Split('@')[0].ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
        return Grammar.IsName(name) ? name : null;
    }

    private IReadOnlyList<string> Groups(JsonWebToken token)
    {
        if (token.TryGetPayloadValue<JsonElement>(settings.GroupClaim, out var claim) && claim.ValueKind == JsonValueKind.Array)
            return [.. claim.EnumerateArray().Take(MostGroups).Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)];
        return token.TryGetPayloadValue<string>(settings.GroupClaim, out var only) && only is not null ? [only] : [];
    }

    private OperatorRights? Rights(IReadOnlyList<string> groups)
        => OperatorRights.Parse([.. groups.Distinct().Where(settings.Groups.ContainsKey).SelectMany(group => settings.Groups[group]).DistinctBy(grant => (grant.Role, string.Join(',', grant.Sites ?? [])))], out _);
}
