using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// The way from a certificate to a configured vendor's root, offline: <c>ek.chain</c> and <c>ek.chain-algorithms</c> of
/// <see cref="EndorsementChain"/>. By itself it tells an operator whether the configured certificates belong together.
/// </summary>
public static class VendorChain
{
    internal const int StepCount = 2;

    private static readonly Check Chain = new("ek.chain", "EK certificate chain", "in force and leading to a configured vendor", "RFC 5280 6.1");
    private static readonly Check Algorithms = new("ek.chain-algorithms", "EK certificate chain", "RSA or ECDSA with SHA-256 or stronger", "RFC 5280 6.1");

    private const string SubjectDirectoryAttributes = "2.5.29.9", TcgAttributes = "2.23.133.";

    // Key usage, alternative names, basic and name constraints, policies and their constraints, extended key usage.
    private static readonly ImmutableArray<string> KnownToPlatform = ["2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.32", "2.5.29.36", "2.5.29.37"];

    private static readonly ImmutableArray<string> Allowed =
    [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", // RSA with SHA-256, 384, 512
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", // ECDSA with SHA-256, 384, 512
    ];

    /// <param name="certificates">DER, the one in question first, then helpers.</param>
    public static IReadOnlyList<Finding> Run(IReadOnlyList<ReadOnlyMemory<byte>> certificates, EndorsementRoots roots, DateTimeOffset now)
    {
        var findings = new FindingList();
        var read = new List<EndorsementCertificate>();
        try
        {
            foreach (var certificate in certificates) read.Add(EndorsementCertificate.Read(certificate.Span));
            Run(read, roots, now, findings);
        }
        catch (Exception bad) when (bad is WireException or CryptographicException)
        {
            findings.Add(Chain.Failed(bad.Message));
        }
        finally
        {
            read.ForEach(one => one.Dispose());
        }
        return findings.ToBecause();
    }

    internal static void Run(IReadOnlyList<EndorsementCertificate> read, EndorsementRoots roots, DateTimeOffset now, FindingList findings)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots.Anchors);
        policy.ExtraStore.AddRange(roots.Anchors);
        policy.ExtraStore.AddRange(roots.Intermediates);
        foreach (var one in read.Skip(1)) policy.ExtraStore.Add(one.Certificate);
        // Offline: vendors' revocation lists are for whoever keeps the roots; nothing is fetched (A41).
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        try
        {
            chain.Build(read[0].Certificate);
        }
        catch (CryptographicException refused)
        {
            // A public key of a kind the platform does not know, such as the RSAES-OAEP of TPM 1.2 times.
            findings.Add(Chain.Failed($"a certificate the platform can not verify: {refused.Message}"));
            return;
        }
        Judge(chain, read[0], roots, findings);
        foreach (var one in chain.ChainElements) one.Certificate.Dispose();
    }

    /// <summary>A configured root ends the chain wherever it stands; what the platform says about the certificates up to there counts.</summary>
    private static void Judge(X509Chain chain, EndorsementCertificate leaf, EndorsementRoots roots, FindingList findings)
    {
        const X509ChainStatusFlags unknownVendor = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;
        var elements = chain.ChainElements.ToList();
        var end = elements.FindIndex(one => roots.IsRoot(one.Certificate));
        if (end >= 0) elements = elements[..(end + 1)];
        var status = elements.SelectMany(one => one.ChainElementStatus).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (end >= 0) status &= ~unknownVendor;
        if (status.HasFlag(X509ChainStatusFlags.HasNotSupportedCriticalExtension) && Tolerates(elements, leaf)) status &= ~X509ChainStatusFlags.HasNotSupportedCriticalExtension;

        if (elements.Count > Caps.CertificateCount || (status & ~unknownVendor) != 0)
            findings.Add(Chain.Failed(elements.Count > Caps.CertificateCount ? $"{elements.Count} certificates" : $"{status & ~unknownVendor}"));
        else if (end >= 0) findings.Pass(Chain);
        else findings.Add(Chain.Ended(Outcome.NotCompared, $"no configured vendor issued it: {elements[^1].Certificate.Issuer}"));

        var weak = elements.SkipLast(end >= 0 ? 1 : 0).Select(one => one.Certificate.SignatureAlgorithm).FirstOrDefault(one => !Allowed.Contains(one.Value ?? ""));
        findings.Require(Algorithms, weak is null, weak?.FriendlyName ?? weak?.Value ?? "");
    }

    /// <summary>Only the EK's own certificate may have critical extensions the platform does not know, and only those of the EK profile.</summary>
    private static bool Tolerates(List<X509ChainElement> elements, EndorsementCertificate leaf)
    {
        if (elements.Skip(1).Any(one => one.ChainElementStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.HasNotSupportedCriticalExtension)))) return false;
        var critical = leaf.Certificate.Extensions.Where(one => one.Critical).Select(one => one.Oid?.Value ?? "").Where(oid => !KnownToPlatform.Contains(oid)).ToArray();
        if (!critical.All(oid => oid == SubjectDirectoryAttributes || oid.StartsWith(TcgAttributes, StringComparison.Ordinal))) return false;
        leaf.Tolerated.Add($"critical extension {string.Join(", ", critical)}");
        return true;
    }
}
