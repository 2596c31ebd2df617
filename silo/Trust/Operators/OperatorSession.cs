namespace TrustMesh.Trust.Operators;

/// <summary>A session that counts, without its token.</summary>
/// <param name="Id">The first 16 digits of the hash of its token.</param>
/// <param name="How">code, passkey or oidc; null if it is older than the silo's memory of it, likewise <paramref name="StartedAt"/>.</param>
/// <param name="VouchedAt">When the identity provider last vouched for it; null for a session of our own, likewise <paramref name="VouchedUntil"/>.</param>
/// <param name="VouchedUntil">When it ends, unless the provider vouches again.</param>
/// <param name="SilentSince">The provider has not answered since.</param>
public sealed record OperatorSession(
    string Id, string Name, DateTimeOffset? StartedAt, DateTimeOffset ExpiresAt, string? How, DateTimeOffset? VouchedAt = null, DateTimeOffset? VouchedUntil = null, DateTimeOffset? SilentSince = null);
