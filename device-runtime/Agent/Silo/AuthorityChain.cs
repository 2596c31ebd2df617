using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrustMesh.Agent.Silo;

/// <summary>
/// The one certificate check of the agent (PROTOCOL.md section 3): a certificate authority whose key has the pinned hash is among the certificates
/// sent, and the leaf chains to exactly that one and is valid now. The machine's trust store, revocation servers and downloads play no part.
/// </summary>
public static class AuthorityChain
{
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const int MostCertificates = 8;

    /// <summary>The authority's certificate, or null and a sentence that names the fix.</summary>
    /// <param name="usage">The extended key usage the leaf must allow, or null.</param>
    public static X509Certificate2? Find(X509Certificate2 leaf, X509Certificate2Collection sent, ReadOnlySpan<byte> pin, DateTimeOffset now, string? usage, out string problem)
    {
        problem = "";
        X509Certificate2? authority = null;
        foreach (var candidate in sent)
            if (sent.Count <= MostCertificates && Pinned(candidate, pin)) authority ??= candidate;
        if (authority is null)
        {
            problem = sent.Count > MostCertificates ? $"The silo sent {sent.Count} certificates, more than {MostCertificates}."
                : "The silo's certificates do not lead to the mesh authority this device trusts. Either the address is another mesh's silo or somebody stands in between; check \"silo\", or join anew with a token of that mesh.";
            return null;
        }
        // The authority's certificate names an issuer that does not exist (TLS stacks would not send a self-signed root), so the chain is built
        // without any trusted root and has to end in exactly that certificate.
        using var chain = new X509Chain { ChainPolicy = Policy(sent, now, usage) };
        var built = chain.Build(leaf);
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if ((status & X509ChainStatusFlags.NotTimeValid) != 0)
            problem = $"The silo's certificate is not valid at {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Check this device's clock, then the silo's certificate.";
        else if (!built || (status & ~(X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0 || chain.ChainElements.Count < 2
            || !chain.ChainElements[^1].Certificate.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span))
            problem = $"The silo's certificate was not issued as it should be by the mesh authority ({status}). Let the mesh authority issue a new one.";
        return problem.Length == 0 ? authority : null;
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection sent, DateTimeOffset now, string? usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority,
            DisableCertificateDownloads = true,
            VerificationTimeIgnored = false,
            VerificationTime = now.LocalDateTime,
        };
        if (usage is not null) policy.ApplicationPolicy.Add(new Oid(usage));
        policy.ExtraStore.AddRange(sent);
        return policy;
    }

    private static bool Pinned(X509Certificate2 certificate, ReadOnlySpan<byte> pin)
        => CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()), pin)
            && certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
}
