using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>
/// The endorsement key templates of the TCG EK Credential Profile (version 2.5, annex B): L-1, L-2 of the low range with PolicyA,
/// H-1, H-2, H-3 of the high range with PolicyB and an empty user password.
/// </summary>
/// <param name="Setting">Name in the agent's settings.</param>
/// <param name="CertificateIndex">NV index of the EK certificate; names the template in the key file.</param>
/// <param name="NonceIndex">NV index of the EK nonce; 0 in the high range, which has none.</param>
/// <param name="TemplateIndex">NV index of a template that replaces this one.</param>
public sealed record EndorsementTemplate(string Setting, uint CertificateIndex, uint NonceIndex, uint TemplateIndex, TpmAlg Hash, TpmCurve Curve, bool HighRange)
{
    /// <summary>Best first: where a TPM has several certificates, the first one here decides the device's identity.</summary>
    public static IReadOnlyList<EndorsementTemplate> All { get; } =
    [
        new("ecc-p256", 0x01c0000a, 0x01c0000b, 0x01c0000c, TpmAlg.Sha256, TpmCurve.P256, HighRange: false),
        new("ecc-p256", 0x01c00014, 0, 0x01c00015, TpmAlg.Sha256, TpmCurve.P256, HighRange: true),
        new("ecc-p384", 0x01c00016, 0, 0x01c00017, TpmAlg.Sha384, TpmCurve.P384, HighRange: true),
        new("rsa-2048", 0x01c00002, 0x01c00003, 0x01c00004, TpmAlg.Sha256, TpmCurve.None, HighRange: false),
        new("rsa-2048", 0x01c00012, 0, 0x01c00013, TpmAlg.Sha256, TpmCurve.None, HighRange: true),
    ];

    private const TpmObjectAttributes LowRange = TpmObjectAttributes.FixedTpm | TpmObjectAttributes.FixedParent
        | TpmObjectAttributes.SensitiveDataOrigin | TpmObjectAttributes.AdminWithPolicy | TpmObjectAttributes.Restricted | TpmObjectAttributes.Decrypt;

    /// <summary>Everything before the unique field: what two keys of one template have in common.</summary>
    public byte[] Parameters()
    {
        var rsa = Curve == TpmCurve.None;
        var writer = new TpmWriter().Alg(rsa ? TpmAlg.Rsa : TpmAlg.Ecc).Alg(Hash)
            .U32((uint)(HighRange ? LowRange | TpmObjectAttributes.UserWithAuth : LowRange))
            .Sized((HighRange ? EndorsementPolicy.B(Hash) : EndorsementPolicy.A(Hash)).Span)
            .Alg(TpmAlg.Aes).U16((ushort)(Hash == TpmAlg.Sha384 ? 256 : 128)).Alg(TpmAlg.Cfb)
            .Alg(TpmAlg.Null);
        return rsa ? writer.U16(2048).U32(0).ToArray() : writer.U16((ushort)Curve).Alg(TpmAlg.Null).ToArray();
    }

    /// <summary>The TPMT_PUBLIC that makes the key (2.2.1.4): what the vendor stored as template, else the profile's own; its unique
    /// field begins with the nonce if there is one. In the profile's own it is zeros in the low range and empty in the high range.</summary>
    /// <param name="stored">Content of <see cref="TemplateIndex"/>; empty if there is none.</param>
    /// <param name="nonce">Content of <see cref="NonceIndex"/>; empty if there is none.</param>
    public byte[] Public(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> nonce)
    {
        var template = stored.IsEmpty ? Default() : stored.ToArray();
        // The unique field ends the structure: 256 bytes of RSA, or X, the size of Y and Y.
        var at = template.Length - (Curve == TpmCurve.None ? 256 : 32 + 2 + 32);
        if (nonce.IsEmpty) return template;
        if (at < 0 || nonce.Length > UniqueSize)
            throw new RootException($"The vendor's EK nonce (NV 0x{NonceIndex:x8}) does not fit its template. Choose another endorsement key in the settings.");
        nonce.CopyTo(template.AsSpan(at));
        return template;
    }

    private int UniqueSize => HighRange ? 0 : Curve == TpmCurve.None ? 256 : 32;

    private byte[] Default()
    {
        var writer = new TpmWriter().Bytes(Parameters()).Sized(new byte[UniqueSize]);
        return Curve == TpmCurve.None ? writer.ToArray() : writer.Sized(new byte[UniqueSize]).ToArray();
    }
}
