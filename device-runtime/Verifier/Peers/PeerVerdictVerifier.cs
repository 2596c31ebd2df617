using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Verifier;

/// <summary>
/// Establishes whose word a peer verdict is (PROTOCOL.md sections 13.1 and 17, attacks A34, A36). First the voucher, once for each session key:
/// <list type="number">
/// <item><c>voucher.format</c> evidence, claims and key parse, the log is empty</item>
/// <item><c>voucher.kind</c> a quote for a TPM, signed claims for others</item>
/// <item><c>voucher.issuer</c> the claims name the device that uploads</item>
/// <item><c>voucher.session-key</c> the claims' cnf is the thumbprint of the key beside the evidence</item>
/// <item><c>voucher.binding</c> the root's extra data covers these claims and their challenge</item>
/// <item><c>voucher.signature</c> the enrolled key signed it</item>
/// </list>
/// Then each verdict:
/// <list type="number">
/// <item><c>verdict.format</c> one COSE_Sign1 and one payload, each in its one encoding</item>
/// <item><c>verdict.typ</c> a peer verdict, with nothing beside it that is not signed</item>
/// <item><c>verdict.signature</c> kid names the vouched key, and that key made the signature</item>
/// <item><c>verdict.issuer</c> the device whose root vouched for the key</item>
/// <item><c>verdict.sequence</c> after the one before it</item>
/// <item><c>verdict.subject</c> another device than the issuer</item>
/// <item><c>verdict.dates</c> not issued in the future, lasts for a time and not for ever</item>
/// <item><c>verdict.because</c> no pass among the findings, and an accusation gives one</item>
/// </list>
/// Neither freshness of the voucher nor truth of the verdict is established. Pure and thread-safe.
/// </summary>
public static class PeerVerdictVerifier
{
    private const int StepCount = 8;

    /// <summary>A policy's verdicts live at most this long.</summary>
    public static TimeSpan LongestLife { get; } = TimeSpan.FromDays(7);

    private static readonly Check Format = new("verdict.format", "verdict", "one COSE_Sign1 over one payload, each in its one encoding", "PROTOCOL.md 1 and 13.1");
    private static readonly Check Typ = new("verdict.typ", "typ", "a peer verdict, without certificates", "RFC 9596; PROTOCOL.md 13.1");
    private static readonly Check Signature = new("verdict.signature", "signature", "made by the session key that was vouched for", "RFC 9052 4.4");
    private static readonly Check Issuer = new("verdict.issuer", "issuer", "the device whose root vouched for the key", "PROTOCOL.md 13.1");
    private static readonly Check Sequence = new("verdict.sequence", "sequence", "after the one before it", "PROTOCOL.md 13.1 and 17");
    private static readonly Check Subject = new("verdict.subject", "subject", "another device", "PROTOCOL.md 13.1");
    private static readonly Check Dates = new("verdict.dates", "iat and exp", "issued before now, for at most 7 days", "RFC 8392 3.1; PROTOCOL.md 13.1");
    private static readonly Check Because = new("verdict.because", "findings", "none that is a pass, and one where the verdict is contraindicated", "PROTOCOL.md 13.1");

    /// <param name="issuer">The enrolled device that uploads.</param>
    public static Statement<VouchedKey> VerifyVoucher(Voucher voucher, EnrolledDevice issuer)
    {
        var findings = new FindingList();
        var key = VoucherCheck.Run(voucher, issuer, findings);
        // Success is the complete list, not the absence of failures (A16).
        return new(key is not null && findings.PassCount == VoucherCheck.StepCount ? new(issuer.Device, key) : null, findings.ToBecause());
    }

    /// <param name="signed">COSE_Sign1 as it was uploaded.</param>
    /// <param name="before">Sequence of the verdict before it in the same upload; 0 for the first.</param>
    public static Statement<VerifiedPeerVerdict> Verify(ReadOnlyMemory<byte> signed, VouchedKey vouched, long before, DateTimeOffset now)
    {
        var findings = new FindingList();
        if (Read(signed, vouched, findings) is not { } verdict) return new(null, findings.ToBecause());
        if (verdict.Issuer == vouched.Device) findings.Pass(Issuer);
        else findings.Add(Issuer.Failed(vouched.Device.Text, verdict.Issuer.Text));
        // The last number of all has no successor a receipt could name.
        if (verdict.Sequence > before && verdict.Sequence < long.MaxValue) findings.Pass(Sequence);
        else findings.Add(Sequence.Failed($"after {before}", $"{verdict.Sequence}"));
        findings.Require(Subject, verdict.Subject != verdict.Issuer, "the issuer itself");
        var good = DateTimeOffset.FromUnixTimeSeconds(verdict.IssuedAt) <= now + StatementVerifier.ClockSkew
            && verdict.ExpiresAt > verdict.IssuedAt && verdict.ExpiresAt - verdict.IssuedAt <= (long)LongestLife.TotalSeconds;
        if (good) findings.Pass(Dates);
        else findings.Add(Dates.Failed($"issued before {Words.Time(now.ToUnixTimeSeconds())}, for at most 7 days", $"from {Words.Time(verdict.IssuedAt)} until {Words.Time(verdict.ExpiresAt)}"));
        var reasons = verdict.Because.All(finding => finding.Outcome != Outcome.Pass) && (verdict.Status != TrustTier.Contraindicated || verdict.Because.Count > 0);
        findings.Require(Because, reasons, $"{verdict.Because.Count} findings, {verdict.Because.Count(finding => finding.Outcome == Outcome.Pass)} of them a pass");
        return new(findings.PassCount == StepCount ? new(verdict, signed) : null, findings.ToBecause());
    }

    /// <summary>Reads the payload only after its signature: bytes nobody answers for are not parsed (A39).</summary>
    private static PeerVerdict? Read(ReadOnlyMemory<byte> signed, VouchedKey vouched, FindingList findings)
    {
        try
        {
            var statement = CoseSign1.Decode(signed);
            findings.Require(Typ, statement is { Typ: PeerVerdict.Typ, Corim: null, CertificateChain.Count: 0 }, statement.Typ ?? "none");
            if (!findings.Require(Signature, vouched.Key.Verify(statement), "a signature that this key did not make, or of another key") || findings.AnyFailure) return null;
            var verdict = PeerVerdict.DecodePayload(statement.Payload);
            findings.Pass(Format);
            return verdict;
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return null;
        }
    }
}
