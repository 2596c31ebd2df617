namespace TrustMesh.Contracts;

/// <summary>A session that counts.</summary>
/// <param name="StartedAt">Null if it is from before that was kept; likewise <paramref name="How"/>.</param>
/// <param name="How">code, passkey, oidc.</param>
/// <param name="Current">It is the one that asks.</param>
public sealed record SessionView(string Id, string Name, DateTimeOffset? StartedAt, DateTimeOffset ExpiresAt, string? How, bool Current);
