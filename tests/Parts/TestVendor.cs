using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Verifier;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Parts;

/// <summary>A TPM vendor with a root and an issuer below it, who makes EK certificates as well and as badly as real vendors do.</summary>
public sealed class TestVendor : IDisposable
{
    public const string TcgSpecification = "2.23.133.2.16";

    private readonly ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP384), issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA endorsementKey = RSA.Create(2048);
    private readonly X509Certificate2 root, issuer;

    public TestVendor(int rootPathLength = 1)
    {
        var request = new CertificateRequest("CN=vendor root", rootKey, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, rootPathLength, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        root = request.CreateSelfSigned(EvidenceCase.Now.AddYears(-1), EvidenceCase.Now.AddYears(20));
        issuer = Below(root, rootKey, "CN=vendor issuer", issuerKey);
    }

    public TpmPublic EndorsementKey => TpmPublic.Decode(new TpmWriter().Alg(TpmAlg.Rsa).Alg(TpmAlg.Sha256).U32(0x000300b2).Sized(new byte[32])
        .Alg(TpmAlg.Aes).U16(128).Alg(TpmAlg.Cfb).Alg(TpmAlg.Null).U16(2048).U32(0).Sized(endorsementKey.ExportParameters(false).Modulus).ToArray());

    public EndorsementRoots Roots => EndorsementRoots.Load([root.RawData, issuer.RawData]);

    public EndorsementRoots OnlyRoot => EndorsementRoots.Load([root.RawData]);

    public byte[] Issuer => issuer.RawData;

    /// <summary>DER of an authority's certificate by the issuer, for chains that are too long.</summary>
    public byte[] AnotherIssuer(out ECDsa key)
    {
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var below = Below(issuer, issuerKey, "CN=issuer's issuer", key);
        return below.RawData;
    }

    /// <summary>DER of an EK certificate; the profile's extensions unless changed.</summary>
    public byte[] Endorse(Action<CertificateRequest>? change = null, DateTimeOffset? until = null, ECDsa? by = null, string? issuerName = null, bool sha1 = false)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=TPM"), endorsementKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("2.23.133.8.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        change?.Invoke(request);
        using var certificate = request.Create(new(issuerName ?? issuer.Subject), sha1 ? new Sha1Generator(issuerKey) : X509SignatureGenerator.CreateForECDsa(by ?? issuerKey), EvidenceCase.Now.AddDays(-1), until ?? EvidenceCase.Now.AddYears(10), [0x7f, 1, 2, 3, 4, 5, 6, 7]);
        return certificate.RawData;
    }

    /// <summary>The certificate with its signed part changed, and signed again.</summary>
    public byte[] Resign(byte[] certificate, Func<byte[], byte[]> change)
    {
        var parts = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
        var signed = change(parts.ReadEncodedValue().ToArray());
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(signed);
            writer.WriteEncodedValue(parts.ReadEncodedValue().Span);
            writer.WriteBitString(issuerKey.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
        return writer.Encode();
    }

    public static void Without<T>(CertificateRequest request) where T : X509Extension
        => request.CertificateExtensions.Remove(request.CertificateExtensions.OfType<T>().Single());

    public void Dispose()
    {
        root.Dispose();
        issuer.Dispose();
        rootKey.Dispose();
        issuerKey.Dispose();
        endorsementKey.Dispose();
    }

    private static X509Certificate2 Below(X509Certificate2 issuer, ECDsa issuerKey, string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), EvidenceCase.Now.AddYears(-1), EvidenceCase.Now.AddYears(15), [1]);
    }

    /// <summary>ecdsa-with-SHA1, which the platform no longer signs certificates with.</summary>
    private sealed class Sha1Generator(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => [0x30, 9, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
