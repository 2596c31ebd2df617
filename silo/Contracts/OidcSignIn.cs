namespace TrustMesh.Contracts;

/// <summary>An OpenID provider's word for a person.</summary>
/// <param name="Binding">As at the beginning; likewise <paramref name="Origin"/>.</param>
/// <param name="IdToken">As the token endpoint gave it; the silo judges it itself.</param>
public sealed record OidcSignIn(string Origin, string Binding, string IdToken);
