namespace TrustMesh.Wire.Tpm;

/// <summary>TPMT_PUBLIC of an RSA or ECC key (part 2, 12.2.4), parsed and not verified.</summary>
/// <param name="Scheme">Signing scheme of a restricted key, else <see cref="TpmAlg.Null"/>.</param>
/// <param name="SchemeHash">Hash of the scheme; <see cref="TpmAlg.Null"/> without one.</param>
/// <param name="Symmetric">Symmetric algorithm of a storage key (EK), else <see cref="TpmAlg.Null"/>.</param>
/// <param name="SymmetricBits">128 or 256 for AES, else 0.</param>
/// <param name="Modulus">RSA modulus, big-endian; empty for ECC.</param>
/// <param name="Exponent">RSA exponent; 65537 where the structure carries 0. 0 for ECC.</param>
/// <param name="X">ECC point, padded to the field size; empty for RSA.</param>
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
    /// <summary>Reads a TPMT_PUBLIC; throws <see cref="WireException"/>.</summary>
    public static TpmPublic Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();

    /// <summary>Reads a TPMT_PUBLIC or the TPM2B_PUBLIC around one (what tpm2-tools write).</summary>
    public static TpmPublic DecodeEither(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();

    /// <summary>Name: <c>nameAlg ‖ H(TPMT_PUBLIC)</c> (part 1, 16), computed by us and never taken from a message (attack A09).</summary>
    public byte[] Name() => throw new NotImplementedException();

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] ToSubjectPublicKeyInfo() => throw new NotImplementedException();
}
