namespace TrustMesh.Wire.Cose;

/// <summary>CWT claims carried in the protected header of a signed CoRIM (RFC 9597).</summary>
public sealed record CorimMeta(string Issuer, long ExpiresAt);
