namespace TrustMesh.Host.Oidc;

/// <summary>What a token endpoint gave.</summary>
/// <param name="RefreshToken">Null if it gave none.</param>
public sealed record OidcGrant(string IdToken, string? RefreshToken);
