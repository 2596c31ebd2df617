namespace TrustMesh.Wire.Cose;

/// <summary>COSE_Sign1 (RFC 9052) in the profile of PROTOCOL.md section 1: parsed, not verified.</summary>
/// <param name="Algorithm">COSE algorithm from the protected header.</param>
/// <param name="KeyId">kid, the signer's RFC 9679 thumbprint; empty if absent.</param>
/// <param name="Typ">typ (16) or content type (3) from the protected header; null if absent.</param>
/// <param name="ToBeSigned">The Sig_structure the signature covers.</param>
/// <param name="CertificateChain">x5chain (33) of the unprotected header, DER, leaf first.</param>
public sealed record CoseSign1(
    int Algorithm,
    ReadOnlyMemory<byte> KeyId,
    string? Typ,
    ReadOnlyMemory<byte> ProtectedHeader,
    ReadOnlyMemory<byte> Payload,
    ReadOnlyMemory<byte> Signature,
    ReadOnlyMemory<byte> ToBeSigned,
    IReadOnlyList<ReadOnlyMemory<byte>> CertificateChain)
{
    public const int Es256 = -7;

    /// <summary>Reads one tagged COSE_Sign1; throws <see cref="WireException"/>.</summary>
    public static CoseSign1 Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();

    /// <summary>The statement to sign for a payload and a protected header built from the arguments; <paramref name="corim"/> adds header 15.</summary>
    public static CoseToSign Prepare(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> keyId, string typ, CorimMeta? corim = null) => throw new NotImplementedException();
}
