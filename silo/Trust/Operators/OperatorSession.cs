namespace TrustMesh.Trust.Operators;

/// <summary>A session that counts, without its token.</summary>
/// <param name="Id">The first 16 digits of the hash of its token.</param>
/// <param name="How">code, passkey or oidc; null if it is older than the silo's memory of it, likewise <paramref name="StartedAt"/>.</param>
public sealed record OperatorSession(string Id, string Name, DateTimeOffset? StartedAt, DateTimeOffset ExpiresAt, string? How);
