namespace TrustMesh.Wire.Peers;

/// <summary>A session key and what vouches for it; unverified. PROTOCOL.md sections 13.1 and 17.</summary>
/// <param name="SessionKey">SubjectPublicKeyInfo of the P-256 key, DER, 91 bytes: evidence only has its thumbprint.</param>
/// <param name="Evidence">Evidence of the issuer whose cnf is the key's thumbprint, with an empty log.</param>
public readonly record struct Voucher(ReadOnlyMemory<byte> SessionKey, ReadOnlyMemory<byte> Evidence);
