using System.Security.Cryptography;
using TrustMesh.Verifier;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Parts;

/// <summary>
/// Signs structures as a TPM's attestation key would, and also those no TPM would ever sign: another magic, two banks, a counter that went
/// back. Only for changing the shape of evidence; what a real TPM makes comes from <see cref="Swtpm"/>.
/// </summary>
public sealed class ShapeSigner : IDisposable
{
    private const TpmObjectAttributes Attributes = TpmObjectAttributes.FixedTpm | TpmObjectAttributes.FixedParent | TpmObjectAttributes.SensitiveDataOrigin
        | TpmObjectAttributes.UserWithAuth | TpmObjectAttributes.Restricted | TpmObjectAttributes.SignEncrypt;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ShapeSigner()
    {
        Public = PublicWith(Attributes);
        Key = AttestationKey.FromTpmPublic(TpmPublic.Decode(Public));
    }

    /// <summary>TPMT_PUBLIC.</summary>
    public byte[] Public { get; }

    public AttestationKey Key { get; }

    /// <summary>TPMT_PUBLIC of the same key with other attributes or another scheme.</summary>
    public byte[] PublicWith(TpmObjectAttributes attributes, TpmAlg scheme = TpmAlg.EcDsa, TpmAlg hash = TpmAlg.Sha256)
    {
        var point = key.ExportParameters(false).Q;
        var writer = new TpmWriter().Alg(TpmAlg.Ecc).Alg(TpmAlg.Sha256).U32((uint)attributes).Sized([]).Alg(TpmAlg.Null).Alg(scheme);
        if (scheme != TpmAlg.Null) writer.Alg(hash);
        return writer.U16((ushort)TpmCurve.P256).Alg(TpmAlg.Null).Sized(point.X).Sized(point.Y).ToArray();
    }

    /// <summary>TPMT_SIGNATURE, ECDSA with SHA-256, saying that it is by <paramref name="named"/>.</summary>
    public byte[] Sign(byte[] attest, TpmAlg named = TpmAlg.Sha256)
    {
        var name = named switch { TpmAlg.Sha1 => HashAlgorithmName.SHA1, TpmAlg.Sha384 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA256 };
        return new TpmSignature(TpmAlg.EcDsa, named, key.SignData(attest, name)).Encode();
    }

    public void Dispose() => key.Dispose();
}
