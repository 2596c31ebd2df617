namespace TrustMesh.Contracts;

/// <summary>What a page needs to send somebody to the OpenID provider. The addresses are the provider's own, as the silo read them.</summary>
/// <param name="Nonce">For one sign-in of this browser; the ID token has to carry it.</param>
public sealed record OidcStart(string Nonce, string Issuer, string ClientId, string AuthorizationEndpoint, string Scope, int Seconds);
