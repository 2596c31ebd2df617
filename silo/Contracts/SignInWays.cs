namespace TrustMesh.Contracts;

/// <summary>How people can sign in besides one-time codes and passkeys.</summary>
/// <param name="Oidc">Host of the OpenID provider; null if there is none.</param>
/// <param name="EndSession">Where people can sign out there too (OpenID Connect RP-Initiated Logout 1.0), with our <paramref name="ClientId"/>; null if it does not offer that.</param>
public sealed record SignInWays(string? Oidc, string? EndSession = null, string? ClientId = null);
