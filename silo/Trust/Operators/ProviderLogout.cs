namespace TrustMesh.Trust.Operators;

/// <summary>A provider says that a person, or one session of theirs, is signed out: a logout token, verified (OpenID Connect Back-Channel Logout 2.4).</summary>
/// <param name="Token">Issuer and jti: which token it is.</param>
/// <param name="Subject">Issuer and the provider's own id of the person; null if it names the session alone.</param>
/// <param name="Sid">The provider's session; null for every one of the person.</param>
/// <param name="Until">From then on the token would not be accepted any more, so it need not be remembered.</param>
public sealed record ProviderLogout(string Token, string? Subject, string? Sid, string Issuer, DateTimeOffset Until);
