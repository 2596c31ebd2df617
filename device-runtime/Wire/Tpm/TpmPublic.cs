using System.Formats.Asn1;

namespace TrustMesh.Wire.Tpm;

/// <summary>TPMT_PUBLIC of an RSA or ECC key (part 2, 12.2.4), parsed and not verified.</summary>
/// <param name="Scheme">Signing scheme of a restricted key, else <see cref="TpmAlg.Null"/>.</param>
/// <param name="SchemeHash">Hash of the scheme; <see cref="TpmAlg.Null"/> without one.</param>
/// <param name="Symmetric">Symmetric algorithm of a storage key (EK), else <see cref="TpmAlg.Null"/>.</param>
/// <param name="SymmetricBits">128 or 256 for AES, else 0.</param>
/// <param name="KeyBits">RSA: bits of the modulus; ECC: bits of the curve.</param>
/// <param name="Modulus">RSA modulus, big-endian; empty for ECC.</param>
/// <param name="Exponent">RSA exponent; 65537 where the structure carries 0. 0 for ECC.</param>
/// <param name="X">ECC point, padded to the field size; empty for RSA.</param>
/// <param name="Bytes">The TPMT_PUBLIC as it came: what the Name is the hash of.</param>
public sealed record TpmPublic(
    TpmAlg Type,
    TpmAlg NameAlg,
    TpmObjectAttributes Attributes,
    ReadOnlyMemory<byte> AuthPolicy,
    TpmAlg Symmetric,
    int SymmetricBits,
    TpmAlg Scheme,
    TpmAlg SchemeHash,
    int KeyBits,
    ReadOnlyMemory<byte> Modulus,
    uint Exponent,
    TpmCurve Curve,
    ReadOnlyMemory<byte> X,
    ReadOnlyMemory<byte> Y,
    ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Bytes of the longest structure that is read: RSA-4096 with a SHA-512 policy needs 604.</summary>
    public const int MaxSize = 1024;

    /// <summary>Reads a TPMT_PUBLIC; throws <see cref="WireException"/>.</summary>
    public static TpmPublic Decode(ReadOnlyMemory<byte> bytes) => TpmPublicReader.Read(bytes);

    /// <summary>Reads a TPMT_PUBLIC or the TPM2B_PUBLIC around one (what tpm2-tools write).</summary>
    public static TpmPublic DecodeEither(ReadOnlyMemory<byte> bytes)
    {
        // A TPM2B begins with the number of bytes that follow. A TPMT begins with 0001 or 0023 and is never as short as that.
        var outer = new TpmReader(bytes);
        if (outer.U16("type or size") != outer.Left) return Decode(bytes);
        return TpmPublicReader.Read(bytes[2..], 2);
    }

    /// <summary>Name: <c>nameAlg ‖ H(TPMT_PUBLIC)</c> (part 1, 16), computed by us and never taken from a message (attack A09).</summary>
    public byte[] Name() => [(byte)((ushort)NameAlg >> 8), (byte)NameAlg, .. TpmHash.Digest(NameAlg, Bytes.Span)];

    /// <summary>SubjectPublicKeyInfo, DER (RFC 3279 2.3.1, RFC 5480 2). The point is not checked to be on its curve: importing it does.</summary>
    public byte[] ToSubjectPublicKeyInfo()
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            using (der.PushSequence())
            {
                der.WriteObjectIdentifier(Type == TpmAlg.Rsa ? "1.2.840.113549.1.1.1" : "1.2.840.10045.2.1");
                if (Type == TpmAlg.Rsa) der.WriteNull();
                else der.WriteObjectIdentifier(CurveOid());
            }
            der.WriteBitString(PublicKeyBits());
        }
        return der.Encode();
    }

    /// <summary>What a certificate carries as subjectPublicKey: RSAPublicKey, or the uncompressed point.</summary>
    public byte[] PublicKeyBits()
    {
        if (Type == TpmAlg.Ecc) return [4, .. X.Span, .. Y.Span];
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteIntegerUnsigned(Modulus.Span);
            der.WriteInteger(Exponent);
        }
        return der.Encode();
    }

    private string CurveOid() => Curve switch
    {
        TpmCurve.P256 => "1.2.840.10045.3.1.7",
        TpmCurve.P384 => "1.3.132.0.34",
        TpmCurve.P521 => "1.3.132.0.35",
        _ => throw new WireException("curveID", 0, $"curve {(ushort)Curve:x4} has no name here"),
    };
}
