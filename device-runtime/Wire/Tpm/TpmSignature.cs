namespace TrustMesh.Wire.Tpm;

/// <summary>TPMT_SIGNATURE (part 2, 11.3.4), parsed and not verified.</summary>
/// <param name="Value">RSA: the signature. ECDSA: <c>r ‖ s</c>, each padded to the field size given when decoding.</param>
public sealed record TpmSignature(TpmAlg Scheme, TpmAlg Hash, ReadOnlyMemory<byte> Value)
{
    /// <summary>Reads a TPMT_SIGNATURE; <paramref name="fieldSize"/> is 32 for P-256, 48 for P-384, ignored for RSA.</summary>
    public static TpmSignature Decode(ReadOnlyMemory<byte> bytes, int fieldSize) => throw new NotImplementedException();
}
