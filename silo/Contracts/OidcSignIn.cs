namespace TrustMesh.Contracts;

/// <summary>What a person brings back from an OpenID provider. The silo trades the code itself: tokens are nobody else's.</summary>
/// <param name="Binding">As at the beginning; likewise <paramref name="Origin"/>.</param>
/// <param name="Code">The authorization code, as the provider gave it.</param>
/// <param name="Verifier">Whose hash went to the provider (RFC 7636).</param>
/// <param name="RedirectUri">Where the provider sent the person back to: an address of the origin.</param>
public sealed record OidcSignIn(string Origin, string Binding, string Code, string Verifier, string RedirectUri);
