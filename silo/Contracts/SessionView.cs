namespace TrustMesh.Contracts;

/// <summary>A session that counts.</summary>
/// <param name="StartedAt">Null if it is from before that was kept; likewise <paramref name="How"/>.</param>
/// <param name="How">code, passkey, oidc.</param>
/// <param name="Current">It is the one that asks.</param>
/// <param name="VouchedAt">With oidc: when the provider last vouched for it.</param>
/// <param name="VouchedUntil">With oidc: when it ends, unless the provider vouches again.</param>
/// <param name="SilentSince">With oidc: the provider has not answered since.</param>
public sealed record SessionView(
    string Id, string Name, DateTimeOffset? StartedAt, DateTimeOffset ExpiresAt, string? How, bool Current,
    DateTimeOffset? VouchedAt = null, DateTimeOffset? VouchedUntil = null, DateTimeOffset? SilentSince = null);
