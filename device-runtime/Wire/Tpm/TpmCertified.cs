namespace TrustMesh.Wire.Tpm;

/// <summary>TPMS_CERTIFY_INFO (part 2, 10.12.3): which object a TPM2_Certify is about. Compare the whole name (attack A14).</summary>
public sealed record TpmCertified(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> QualifiedName)
{
    /// <summary>Reads the body of an attestation of type <see cref="TpmAttest.Certify"/>; throws <see cref="WireException"/>.</summary>
    public static TpmCertified Decode(TpmAttest attest)
    {
        if (attest.Type != TpmAttest.Certify) throw new WireException("type", 4, $"{attest.Type:x4}, expected {TpmAttest.Certify:x4} (certify)");
        var reader = new TpmReader(attest.Body);
        var name = reader.Sized("certify.name", 66);
        var qualified = reader.Sized("certify.qualifiedName", 66);
        reader.End("TPMS_CERTIFY_INFO");
        return new(name, qualified);
    }
}
