using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Trust.Authority;

namespace TrustMesh.Host;

/// <summary>The silo's TLS certificate, issued by the authority and renewed while the process runs. Thread-safe.</summary>
public sealed class SiloIdentity(MeshAuthority authority, SigningKey silo, IReadOnlyList<string> names, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private readonly Lock gate = new();
    private Issued? current;

    /// <summary>What the TLS listener presents: certificate and authority. New connections get the newest.</summary>
    public SslStreamCertificateContext Tls => Current().Tls;

    /// <summary>What the listener presents now; it is not disposed while handshakes may use it.</summary>
    public X509Certificate2 Certificate => Current().Certificate;

    /// <summary>The certificate chain that travels with attestation results, DER, leaf first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain => Current().Chain;

    public void Dispose() => current?.Certificate.Dispose();

    private Issued Current()
    {
        var now = time.GetUtcNow();
        if (Volatile.Read(ref current) is { } good && good.RenewAt > now) return good;
        lock (gate)
        {
            if (current is { } other && other.RenewAt > now) return other;
            var certificate = authority.CertifySilo(silo, names);
            // The old certificate is not disposed: handshakes may be using it.
            current = new(
                certificate, SslStreamCertificateContext.Create(certificate, [authority.Certificate], offline: true),
                [certificate.RawData], new DateTimeOffset(certificate.NotAfter.ToUniversalTime()) - RenewBefore);
            return current;
        }
    }

    private sealed record Issued(X509Certificate2 Certificate, SslStreamCertificateContext Tls, IReadOnlyList<ReadOnlyMemory<byte>> Chain, DateTimeOffset RenewAt);
}
