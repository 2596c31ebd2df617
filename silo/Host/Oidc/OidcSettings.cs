using TrustMesh.Contracts;

namespace TrustMesh.Host.Oidc;

/// <summary>The OpenID provider whose word counts. The client's secret, if it has one, is the dashboard's.</summary>
/// <param name="Issuer">As the provider writes it: https, or http on this machine.</param>
/// <param name="GroupClaim">The claim with the groups.</param>
/// <param name="Groups">What members of a group may do.</param>
public sealed record OidcSettings(Uri Issuer, string ClientId, string GroupClaim, IReadOnlyDictionary<string, IReadOnlyList<Grant>> Groups);
