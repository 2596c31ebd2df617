using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using TrustMesh.Trust.Authority;

namespace TrustMesh.Orleans.Hosting;

/// <summary>
/// Connections between silos: TLS 1.3, both ends with a certificate by the mesh's authority that is good for nothing else. Who does not hold the
/// authority's key, or one it certified, is no silo (attack A37).
/// </summary>
internal sealed class ClusterTls(MeshAuthority authority, SigningKey silo, TimeProvider time)
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private readonly Lock gate = new();
    private X509Certificate2? current;

    public void Configure(TlsOptions tls)
    {
        tls.SslProtocols = SslProtocols.Tls13;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (certificate, _, _) => authority.IsMember(certificate);
        tls.LocalCertificate = Current();
        tls.LocalServerCertificateSelector = (_, _) => Current();
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => Current();
        tls.OnAuthenticateAsClient = (_, options) => options.TargetHost = $"silo.{authority.Mesh}";
    }

    private X509Certificate2 Current()
    {
        lock (gate)
        {
            // The old one is not disposed: handshakes may be using it.
            if (current is null || current.NotAfter.ToUniversalTime() - RenewBefore < time.GetUtcNow()) current = authority.CertifyMember(silo);
            return current;
        }
    }
}
