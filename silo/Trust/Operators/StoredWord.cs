namespace TrustMesh.Trust.Operators;

/// <summary>What an identity provider said of a session, and how it is asked again. It lies in the session's own row: whoever ends the session ends it too, in one write.</summary>
/// <param name="Subject">Issuer and the provider's own id of the person.</param>
/// <param name="Sid">The provider's own session (OpenID Connect Back-Channel Logout 2.1); null if it does not say.</param>
/// <param name="Nonce">Hex SHA-256 of the nonce of the first ID token: a later one that has a nonce has this (OpenID Connect Core 12.2).</param>
/// <param name="Refresh">The refresh token, sealed; null if the provider gave none.</param>
/// <param name="Until">From then on the session counts no more, unless the provider vouches again.</param>
/// <param name="AskAt">When it is asked again; null for never.</param>
/// <param name="AskedAt">When it last vouched.</param>
/// <param name="SilentSince">It has not answered since; null if it did.</param>
internal sealed record StoredWord(
    string Subject, string? Sid, string Nonce, byte[]? Refresh, DateTimeOffset Until, DateTimeOffset? AskAt, DateTimeOffset AskedAt, DateTimeOffset? SilentSince = null);
