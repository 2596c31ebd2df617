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

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

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
    public X509Certificate2 CertifySilo(SigningKey silo, IReadOnlyList<string> names) => Certify(silo, names, [ServerAuthentication]);

    /// <summary>A certificate for connections between silos, good for both ends of them; what devices are shown is not good for this.</summary>
    public X509Certificate2 CertifyMember(SigningKey silo) => Certify(silo, [$"silo.{Mesh}"], [ServerAuthentication, ClientAuthentication]);

    /// <summary>Whether a certificate is one of <see cref="CertifyMember"/>, by this authority's key and valid now.</summary>
    public bool IsMember(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        // The authority's certificate names an issuer that does not exist, so the chain has to end in exactly that certificate.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().LocalDateTime;
        chain.ChainPolicy.ExtraStore.Add(Certificate);
        foreach (var usage in (string[])[ServerAuthentication, ClientAuthentication]) chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        var built = chain.Build(certificate);
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        // No usage extension at all would be good for everything.
        return built && (flags & ~(X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) == 0 && chain.ChainElements.Count == 2
            && chain.ChainElements[1].Certificate.RawDataMemory.Span.SequenceEqual(Certificate.RawDataMemory.Span)
            && certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SingleOrDefault()?.EnhancedKeyUsages.Count == 2;
    }

    private X509Certificate2 Certify(SigningKey silo, IReadOnlyList<string> names, string[] usages)
    {
        using var authority = Key.Open();
        using var handle = silo.Open();
        var request = new CertificateRequest(new X500DistinguishedName($"CN=silo.{Mesh}"), handle, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], false));
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
