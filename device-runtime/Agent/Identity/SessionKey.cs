using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Agent.Identity;

/// <summary>
/// The key of this run: P-256, in memory only, new at every start and every day (design.md section 3). Its self-signed certificate proves
/// possession and nothing else; each evidence vouches for it.
/// </summary>
public sealed class SessionKey : IDisposable
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly ECDsa key;

    public SessionKey(TimeProvider time)
    {
        MadeAt = time.GetUtcNow();
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=trustmesh device session", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2"), new Oid("1.3.6.1.5.5.7.3.1")], false));
        // Wide, for the clocks of devices lie; the key lives a day because the agent drops it, not because a date says so.
        Certificate = request.CreateSelfSigned(MadeAt.AddDays(-2), MadeAt.AddDays(30));
        Context = SslStreamCertificateContext.Create(Certificate, additionalCertificates: null, offline: true);
        Spki = key.ExportSubjectPublicKeyInfo();
        SpkiHash = SHA256.HashData(Spki.Span);
        Thumbprint = KeyThumbprint.Of(key.ExportParameters(includePrivateParameters: false));
    }

    public DateTimeOffset MadeAt { get; }

    /// <summary>The certificate as both ends of TLS take it, made once: nothing is looked up for it anywhere.</summary>
    public SslStreamCertificateContext Context { get; }

    public X509Certificate2 Certificate { get; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlyMemory<byte> Spki { get; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, 32 bytes.</summary>
    public byte[] SpkiHash { get; }

    /// <summary>RFC 9679 thumbprint, 32 bytes.</summary>
    public byte[] Thumbprint { get; }

    /// <summary>A COSE_Sign1 by this key: results and receipts of this device (design.md section 3). Thread-safe.</summary>
    public byte[] Sign(ReadOnlyMemory<byte> payload, string typ)
    {
        lock (key) return CoseSigner.Sign(key, payload, typ);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }
}
