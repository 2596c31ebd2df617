namespace TrustMesh.Dashboard.Sessions;

/// <summary>What a browser takes along to the provider and back, in a cookie that only this dashboard can read.</summary>
/// <param name="State">Random; the answer has to carry it (RFC 6749 10.12).</param>
/// <param name="Verifier">Random; its hash went to the provider (RFC 7636).</param>
/// <param name="Binding">As the silo has it.</param>
public sealed record OidcJourney(string State, string Verifier, string Binding, string Issuer, string RedirectUri, string Back);
