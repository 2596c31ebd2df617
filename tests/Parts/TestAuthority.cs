using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Verifier;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Parts;

/// <summary>A mesh authority with its silo, both with keys of their own; signs whatever it is asked to.</summary>
public sealed class TestAuthority : IDisposable
{
    public const string Mesh = "mesh-north";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa silo = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Spki => key.ExportSubjectPublicKeyInfo();

    public byte[] Pin => SHA256.HashData(Spki);

    public StatementVerifier Verifier => new(AttestationKey.FromSubjectPublicKeyInfo(Spki), Mesh);

    public byte[] Sign(Policy policy) => Sign(key, policy.EncodePayload(), Policy.Typ);

    public byte[] Sign(Membership membership) => Sign(key, membership.EncodePayload(), Membership.Typ);

    public byte[] Sign(ReferenceValues values) => Sign(key, values.EncodePayload(), ReferenceValues.Typ, values.Meta);

    /// <summary>Signed by the silo's key, with the certificate the authority gave it.</summary>
    public byte[] Sign(AttestationResult result) => Sign(silo, result.EncodePayload(), AttestationResult.Typ, null, [SiloCertificate()]);

    public byte[] SignAs(string typ, byte[] payload) => Sign(key, payload, typ);

    /// <summary>DER of the silo's signing certificate.</summary>
    public byte[] SiloCertificate(bool authority = false, DateTimeOffset? until = null, ECDsa? issuer = null)
    {
        var request = new CertificateRequest("CN=silo", silo, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        using var certificate = request.Create(new($"CN={Mesh}"), X509SignatureGenerator.CreateForECDsa(issuer ?? key), EvidenceCase.Now.AddDays(-1), until ?? EvidenceCase.Now.AddYears(1), [1]);
        return certificate.RawData;
    }

    public byte[] SignResult(AttestationResult result, params ReadOnlyMemory<byte>[] chain) => Sign(silo, result.EncodePayload(), AttestationResult.Typ, null, chain);

    public void Dispose()
    {
        key.Dispose();
        silo.Dispose();
    }

    private static byte[] Sign(ECDsa signer, byte[] payload, string typ, CorimMeta? corim = null, IReadOnlyList<ReadOnlyMemory<byte>>? chain = null)
    {
        var statement = CoseSign1.Prepare(payload, KeyThumbprint.Of(signer.ExportParameters(false)), typ, corim);
        return statement.Complete(signer.SignData(statement.ToBeSigned.Span, HashAlgorithmName.SHA256), chain);
    }
}
