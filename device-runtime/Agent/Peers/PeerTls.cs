using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Agent.Identity;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// TLS between peers (PROTOCOL.md section 13): 1.3 only, a certificate from both, no resumption (A38), no renegotiation. Any P-256 key may knock: a
/// certificate proves possession, identity follows from evidence. Nothing is looked up in the machine's store or on the network.
/// </summary>
internal static class PeerTls
{
    private const string P256 = "1.2.840.10045.3.1.7", Name = "trustmesh-peer";

    public static SslClientAuthenticationOptions Client(SessionKey session) => new()
    {
        TargetHost = Name,
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = NoChain(),
        ClientCertificateContext = session.Context,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => IsSessionKey(certificate),
    };

    public static SslServerAuthenticationOptions Server(SessionKey session) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        AllowRenegotiation = false,
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = NoChain(),
        ServerCertificateContext = session.Context,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => IsSessionKey(certificate),
    };

    // The framework builds a chain of whatever the other end sent before it asks us; it must not go anywhere for that (A41).
    private static X509ChainPolicy NoChain() => new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, TrustMode = X509ChainTrustMode.CustomRootTrust };

    private static bool IsSessionKey(X509Certificate? sent)
    {
        if (sent is not X509Certificate2 certificate || certificate.RawDataMemory.Length > Caps.Certificate) return false;
        using var key = certificate.GetECDsaPublicKey();
        return key?.ExportParameters(false).Curve.Oid.Value == P256;
    }
}
