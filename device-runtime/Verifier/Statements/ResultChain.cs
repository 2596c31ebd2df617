using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire;

namespace TrustMesh.Verifier;

/// <summary>
/// Finds the key that may sign attestation results: that of a certificate the mesh authority issued directly. The authority is a key and
/// not a certificate, so its signature is checked with that key, and a certificate of its own in the chain adds nothing.
/// </summary>
internal sealed class ResultChain(AttestationKey authority)
{
    private static readonly Check Chain = new("result.chain", "x5chain", "a certificate for signing, in force, issued by the mesh authority", "PROTOCOL.md 10; RFC 5280 6.1");

    public AttestationKey? FindSigner(IReadOnlyList<ReadOnlyMemory<byte>> chain, DateTimeOffset now, FindingList findings)
    {
        if (chain.Count == 0)
        {
            findings.Add(Chain.Failed("no certificate"));
            return null;
        }
        try
        {
            if (!findings.Require(Chain, IssuedByAuthority(chain[0].Span, now, out var problem), problem)) return null;
            using var leaf = X509CertificateLoader.LoadCertificate(chain[0].Span);
            return AttestationKey.FromSubjectPublicKeyInfo(leaf.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (Exception bad) when (bad is CryptographicException or WireException)
        {
            findings.Add(Chain.Failed($"a certificate that can not be read: {bad.Message}"));
            return null;
        }
    }

    private bool IssuedByAuthority(ReadOnlySpan<byte> der, DateTimeOffset now, out string problem)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(der);
        problem = leaf.NotBefore.ToUniversalTime() > now.UtcDateTime + StatementVerifier.ClockSkew || leaf.NotAfter.ToUniversalTime() <= now.UtcDateTime ? "a certificate that is not in force"
            : leaf.Extensions.OfType<X509BasicConstraintsExtension>().Any(one => one.CertificateAuthority) ? "a certificate of an authority"
            : leaf.Extensions.OfType<X509KeyUsageExtension>().Any(one => !one.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)) ? "a certificate not for signing"
            : !SignedCertificate.Verify(der.ToArray(), authority) ? "a certificate of another issuer"
            : "";
        return problem.Length == 0;
    }
}
