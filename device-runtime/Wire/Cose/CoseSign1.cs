using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Cose;

/// <summary>COSE_Sign1 (RFC 9052) in the profile of PROTOCOL.md section 1: parsed, not verified.</summary>
/// <param name="Algorithm">COSE algorithm from the protected header; always <see cref="Es256"/>, the only one the profile reads.</param>
/// <param name="KeyId">kid, the signer's RFC 9679 thumbprint (32 bytes); empty if absent.</param>
/// <param name="Typ">typ (16) or content type (3) from the protected header; null if absent.</param>
/// <param name="Signature"><c>r ‖ s</c>, 64 bytes.</param>
/// <param name="ToBeSigned">The Sig_structure the signature covers.</param>
/// <param name="CertificateChain">x5chain (33) of the unprotected header, DER, leaf first.</param>
/// <param name="Corim">CWT claims (15) of the protected header; null if absent.</param>
public sealed record CoseSign1(
    int Algorithm,
    ReadOnlyMemory<byte> KeyId,
    string? Typ,
    ReadOnlyMemory<byte> ProtectedHeader,
    ReadOnlyMemory<byte> Payload,
    ReadOnlyMemory<byte> Signature,
    ReadOnlyMemory<byte> ToBeSigned,
    IReadOnlyList<ReadOnlyMemory<byte>> CertificateChain,
    CorimMeta? Corim)
{
    public const int Es256 = -7;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureSize = 64;

    internal const ulong Tag = 18;

    /// <summary>Reads one tagged COSE_Sign1 of at most 1 MiB; throws <see cref="WireException"/>.</summary>
    public static CoseSign1 Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "COSE_Sign1", Caps.Statement);
        reader.ReadTag("COSE_Sign1", Tag);
        reader.ReadArray("COSE_Sign1", 4);
        var header = CoseHeader.ReadProtected(reader.ReadNested("protected header", Caps.ProtectedHeader));
        var chain = CoseHeader.ReadUnprotected(ref reader);
        if (reader.TryReadNull()) throw new WireException("payload", reader.Offset, "detached, which is not allowed");
        var payload = reader.ReadBytes("payload", 1, Caps.Statement);
        var signature = reader.ReadBytes("signature", SignatureSize);
        reader.End("COSE_Sign1");
        return new(Es256, header.KeyId, header.Typ, header.Bytes, payload, signature, CoseHeader.SigStructure(header.Bytes.Span, payload.Span), chain, header.Corim);
    }

    /// <summary>The statement to sign for a payload and a protected header built from the arguments; <paramref name="corim"/> adds
    /// header 15 and makes <paramref name="typ"/> a content type (3) instead of a typ (16).</summary>
    /// <param name="keyId">RFC 9679 thumbprint of the signer, 32 bytes.</param>
    public static CoseToSign Prepare(ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> keyId, string typ, CorimMeta? corim = null)
        => new(CoseHeader.WriteProtected(keyId, typ, corim), payload);
}
