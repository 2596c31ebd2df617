using System.Text.Json;
using TrustMesh.Trust.Operators;
using TrustMesh.Wire;

namespace TrustMesh.Host.Oidc;

/// <summary>
/// Judges logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.6): signed by the provider for us alone, made a short while ago, saying that it is a logout, naming a person or a
/// session of theirs, and without the nonce that an ID token has: neither can be passed off as the other. Whether it came before is judged by who remembers. Thread-safe.
/// </summary>
public sealed class LogoutTokens(OidcProvider provider, OidcTokens tokens, TimeProvider time)
{
    /// <summary>How old a token may be, whatever end it gives itself: so long a replay is remembered.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private const int LongestId = 255;

    /// <summary>Who is signed out, or why the token does not count, for the log.</summary>
    public async Task<(ProviderLogout? Said, string Why)> JudgeAsync(string? token)
    {
        var (jwt, why) = await provider.VerifyAsync(token);
        if (jwt is null) return (null, why);
        if (jwt.Typ is { Length: > 0 } type && !type.Equals("JWT", StringComparison.OrdinalIgnoreCase) && !type.Equals("logout+jwt", StringComparison.OrdinalIgnoreCase)) return (null, "another kind of token");
        if (OidcProvider.Has(jwt, "nonce")) return (null, "a nonce, which only an ID token has");
        if (!jwt.TryGetPayloadValue<JsonElement>("events", out var events) || events.ValueKind != JsonValueKind.Object || !events.TryGetProperty(Event, out var said) || said.ValueKind != JsonValueKind.Object)
            return (null, "not said to be a logout");
        var now = time.GetUtcNow();
        if (!jwt.TryGetPayloadValue<long>("iat", out var seconds) || seconds is < 0 or > Caps.LatestTime) return (null, "no time it was made at");
        var made = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (made > now + OidcProvider.Skew) return (null, "made in the future");
        if (made + Life < now) return (null, "made too long ago");
        if (!jwt.TryGetPayloadValue<string>("jti", out var id) || id is not { Length: > 0 and <= LongestId }) return (null, "no id of its own");
        var (subject, sid) = (tokens.Subject(jwt), OidcTokens.Sid(jwt));
        if (subject is null && sid is null) return (null, "neither a person nor a session");
        // A claim that is there and is no name of anybody must not widen what the other one says.
        if (subject is null && OidcProvider.Has(jwt, "sub") || sid is null && OidcProvider.Has(jwt, "sid")) return (null, "a person or session that is none");
        return (new($"{provider.Issuer} {id}", subject, sid, provider.Issuer, made + Life + OidcProvider.Skew), "");
    }
}
