using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// Does a configured TPM vendor answer for this endorsement key? Offline (RFC 5280 6.1; TCG EK Credential Profile 2.5):
/// <list type="number">
/// <item><c>ek.certificate</c> there is one, at most 8 with its chain, each at most 8 KiB and readable (attack A42)</item>
/// <item><c>ek.key</c> it certifies exactly the key in the EK's public area</item>
/// <item><c>ek.profile</c> it is no authority's, and its usages are those of an endorsement key</item>
/// <item><c>ek.chain</c> signatures, dates, CA flags, path lengths and key usages lead to a configured root</item>
/// <item><c>ek.chain-algorithms</c> every signature on the way is RSA or ECDSA with SHA-256 or stronger (A17)</item>
/// </list>
/// A missing certificate or an unknown vendor is not a failure but "not compared": whether such a device may join is an operator's
/// decision. Anything wrong with a certificate that is there is a failure.
/// </summary>
public static class EndorsementChain
{
    private static readonly Check Certificate = new("ek.certificate", "EK certificate", $"one, with at most {Caps.CertificateCount - 1} of its chain", "PROTOCOL.md 1 and 7");
    private static readonly Check Key = new("ek.key", "EK certificate", "for the endorsement key of this TPM", "TCG EK Credential Profile 3.2");
    private static readonly Check Profile = new("ek.profile", "EK certificate", "an endorsement certificate", "TCG EK Credential Profile 3.2");
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

    /// <param name="certificates">DER, the EK's first, as the device sent them.</param>
    public static EndorsementResult Run(TpmPublic endorsementKey, IReadOnlyList<ReadOnlyMemory<byte>> certificates, EndorsementRoots roots, DateTimeOffset now,
        out IReadOnlyList<Finding> findings)
    {
        var list = new FindingList();
        var result = Run(endorsementKey, certificates, roots, now, list);
        findings = list.ToBecause();
        return result;
    }

    internal static EndorsementResult Run(TpmPublic endorsementKey, IReadOnlyList<ReadOnlyMemory<byte>> certificates, EndorsementRoots roots, DateTimeOffset now, FindingList findings)
    {
        if (certificates.Count == 0)
        {
            findings.Add(Certificate.Ended(Outcome.NotCompared, "none"));
            return new(false, "no endorsement certificate", []);
        }
        var read = new List<EndorsementCertificate>();
        try
        {
            if (certificates.Count > Caps.CertificateCount) throw new WireException("certificates", 0, $"{certificates.Count}");
            foreach (var certificate in certificates) read.Add(EndorsementCertificate.Read(certificate.Span));
            findings.Pass(Certificate);
            return Check(endorsementKey, read, roots, now, findings);
        }
        catch (WireException bad)
        {
            findings.Add(Certificate.Failed(bad.Message));
            return new(false, "an endorsement certificate that can not be read", []);
        }
        finally
        {
            read.ForEach(one => one.Dispose());
        }
    }

    private static EndorsementResult Check(TpmPublic endorsementKey, List<EndorsementCertificate> read, EndorsementRoots roots, DateTimeOffset now, FindingList findings)
    {
        var leaf = read[0];
        var before = findings.PassCount;
        findings.Require(Key, leaf.IsFor(endorsementKey), "for another key");
        var problem = leaf.ProfileProblem();
        findings.Require(Profile, problem is null, problem ?? "");
        CheckChain(read, roots, now, findings);
        var subject = leaf.Certificate.Subject.Length == 0 ? "(no subject)" : leaf.Certificate.Subject;
        var tolerated = read.SelectMany(one => one.Tolerated).ToArray();
        foreach (var one in tolerated) findings.Add(new("ek.tolerated", "EK certificate", "as the EK profile has it", one, "known of real vendors", Outcome.Pass));
        return new(findings.PassCount - before == 4 + tolerated.Length, Grammar.Fit($"{subject}, issued by {leaf.Certificate.Issuer}"), tolerated);
    }

    private static void CheckChain(List<EndorsementCertificate> read, EndorsementRoots roots, DateTimeOffset now, FindingList findings)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots.Anchors);
        policy.ExtraStore.AddRange(roots.Intermediates);
        foreach (var one in read.Skip(1)) policy.ExtraStore.Add(one.Certificate);
        // Offline: vendors' revocation lists are for whoever keeps the roots; nothing is fetched (A41).
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        chain.Build(read[0].Certificate);

        var status = X509ChainStatusFlags.NoError;
        foreach (var one in chain.ChainStatus) status |= one.Status;
        if (status.HasFlag(X509ChainStatusFlags.HasNotSupportedCriticalExtension) && Tolerates(chain, read[0])) status &= ~X509ChainStatusFlags.HasNotSupportedCriticalExtension;
        const X509ChainStatusFlags unknownVendor = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;
        if (status == X509ChainStatusFlags.NoError && chain.ChainElements.Count <= Caps.CertificateCount) findings.Pass(Chain);
        else if ((status & ~unknownVendor) == 0 && status != 0) findings.Add(Chain.Ended(Outcome.NotCompared, $"no configured vendor issued it: {chain.ChainElements[^1].Certificate.Issuer}"));
        else findings.Add(Chain.Failed(status == 0 ? $"{chain.ChainElements.Count} certificates" : status.ToString()));

        var weak = chain.ChainElements.SkipLast(1).Select(one => one.Certificate).FirstOrDefault(one => !Allowed.Contains(one.SignatureAlgorithm.Value ?? ""));
        findings.Require(Algorithms, weak is null, weak?.SignatureAlgorithm.FriendlyName ?? weak?.SignatureAlgorithm.Value ?? "");
        foreach (var one in chain.ChainElements) one.Certificate.Dispose();
    }

    /// <summary>Only the EK's own certificate may have critical extensions the platform does not know, and only those of the EK profile.</summary>
    private static bool Tolerates(X509Chain chain, EndorsementCertificate leaf)
    {
        if (chain.ChainElements.Skip(1).Any(one => one.ChainElementStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.HasNotSupportedCriticalExtension)))) return false;
        var critical = leaf.Certificate.Extensions.Where(one => one.Critical).Select(one => one.Oid?.Value ?? "").Where(oid => !KnownToPlatform.Contains(oid)).ToArray();
        if (!critical.All(oid => oid == SubjectDirectoryAttributes || oid.StartsWith(TcgAttributes, StringComparison.Ordinal))) return false;
        leaf.Tolerated.Add($"critical extension {string.Join(", ", critical)}");
        return true;
    }
}
