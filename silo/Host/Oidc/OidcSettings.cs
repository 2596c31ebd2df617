using TrustMesh.Contracts;

namespace TrustMesh.Host.Oidc;

/// <summary>The OpenID provider whose word counts, and how we are known there.</summary>
/// <param name="Issuer">As the provider writes it: https, or http on this machine.</param>
/// <param name="GroupClaim">The claim with the groups.</param>
/// <param name="Groups">What members of a group may do.</param>
/// <param name="SecretFile">With our client's secret; null for a client without one.</param>
/// <param name="Scope">What is asked for; null for openid and profile, and offline_access where the provider says that it knows it.</param>
public sealed record OidcSettings(Uri Issuer, string ClientId, string GroupClaim, IReadOnlyDictionary<string, IReadOnlyList<Grant>> Groups, string? SecretFile = null, string? Scope = null)
{
    /// <summary>Between two questions to the provider for one session.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a session goes on after that while the provider does not answer.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(15);
}
