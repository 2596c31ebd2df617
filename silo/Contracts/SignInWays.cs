namespace TrustMesh.Contracts;

/// <summary>How people can sign in besides one-time codes and passkeys.</summary>
/// <param name="Oidc">Host of the OpenID provider; null if there is none.</param>
public sealed record SignInWays(string? Oidc);
