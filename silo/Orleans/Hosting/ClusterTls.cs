using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Orleans.Connections.Security;
using TrustMesh.Trust.Authority;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Hosting;

/// <summary>
/// Connections between silos: TLS 1.3, both ends with a certificate by the mesh's authority that is good for nothing else. Who does not hold the
/// authority's key, or one it certified, is no silo (attack A37).
/// </summary>
internal sealed class ClusterTls(MeshAuthority authority, SigningKey silo, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30), TellEvery = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private X509Certificate2? current;
    private long? toldAt;

    public void Configure(TlsOptions tls)
    {
        tls.SslProtocols = SslProtocols.Tls13;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (certificate, _, _) => IsMember(certificate);
        tls.LocalCertificate = Current();
        tls.LocalServerCertificateSelector = (_, _) => Current();
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => Current();
        tls.OnAuthenticateAsClient = (_, options) => options.TargetHost = $"silo.{authority.Mesh}";
    }

    private bool IsMember(X509Certificate2? certificate)
    {
        if (certificate is not null && authority.IsMember(certificate)) return true;
        lock (gate)
        {
            // Whoever knocks does not fill the log.
            var now = time.GetTimestamp();
            if (toldAt is { } last && time.GetElapsedTime(last, now) < TellEvery) return false;
            toldAt = now;
        }
        log.Stranger(certificate is null ? "none" : Grammar.Fit($"{certificate.Subject}, by {certificate.Issuer}"));
        return false;
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
