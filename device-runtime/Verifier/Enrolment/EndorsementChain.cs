using System.Security.Cryptography;
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
        // The platform reads extensions and names of a certificate only when asked for them, and so may refuse them late.
        catch (Exception bad) when (bad is WireException or CryptographicException)
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
        VendorChain.Run(read, roots, now, findings);
        var subject = leaf.Certificate.Subject.Length == 0 ? "(no subject)" : leaf.Certificate.Subject;
        var tolerated = read.SelectMany(one => one.Tolerated).ToArray();
        foreach (var one in tolerated) findings.Add(new("ek.tolerated", "EK certificate", "as the EK profile has it", one, "known of real vendors", Outcome.Pass));
        return new(findings.PassCount - before == 2 + VendorChain.StepCount + tolerated.Length, Grammar.Fit($"{subject}, issued by {leaf.Certificate.Issuer}"), tolerated);
    }
}
