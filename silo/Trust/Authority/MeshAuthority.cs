using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Verifier;

namespace TrustMesh.Trust.Authority;

/// <summary>
/// The mesh authority: one key that says who belongs and what counts. It signs statements (<see cref="Memberships"/>, <see cref="PolicyBook"/>,
/// <see cref="ReferenceBook"/>) and the silo's certificate.
/// </summary>
public sealed class MeshAuthority
{
    private static readonly TimeSpan Backdate = TimeSpan.FromHours(1), CertificateLife = TimeSpan.FromDays(365 * 10), SiloLife = TimeSpan.FromDays(90);

    private readonly TimeProvider time;

    public MeshAuthority(SigningKey key, string mesh, TimeProvider time)
    {
        this.time = time;
        Key = key;
        Statements = new(AttestationKey.FromSubjectPublicKeyInfo(key.Spki), mesh);
        Mesh = mesh;
        using var handle = key.Open();
        var request = new CertificateRequest(Name, handle, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        // Not self-signed in name: TLS stacks leave self-signed roots out of the chain they send (PROTOCOL.md section 3).
        var anchor = new X500DistinguishedName($"CN={mesh} anchor");
        Certificate = request.Create(anchor, X509SignatureGenerator.CreateForECDsa(handle), now - Backdate, now + CertificateLife, Serial());
    }

    public SigningKey Key { get; }

    /// <summary>Checks what this authority signed.</summary>
    public StatementVerifier Statements { get; }

    /// <summary>Name of the mesh; the issuer of its statements.</summary>
    public string Mesh { get; }

    /// <summary>The authority's certificate as it stands at the end of the chain the silo sends.</summary>
    public X509Certificate2 Certificate { get; }

    private X500DistinguishedName Name => new($"CN={Mesh}");

    /// <summary>The silo's certificate with its private key, for its device listener. Valid 90 days; ask again well before.</summary>
    /// <param name="names">Host names and IP addresses devices dial.</param>
    public X509Certificate2 CertifySilo(SigningKey silo, IReadOnlyList<string> names)
    {
        using var authority = Key.Open();
        using var handle = silo.Open();
        var request = new CertificateRequest(new X500DistinguishedName($"CN=silo.{Mesh}"), handle, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternative.AddIpAddress(address);
            else alternative.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternative.Build());
        var now = time.GetUtcNow();
        using var bare = request.Create(Name, X509SignatureGenerator.CreateForECDsa(authority), now - Backdate, now + SiloLife, Serial());
        return bare.CopyWithPrivateKey(handle);
    }

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        serial[0] |= 0x01;
        return serial;
    }
}
