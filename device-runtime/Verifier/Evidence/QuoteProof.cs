using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>Evidence of a TPM: the quote covers the claims and the challenge through extraData. PROTOCOL.md sections 4 and 5.</summary>
internal static class QuoteProof
{
    public const int StepCount = QuoteCheck.StepCount + 2;

    private static readonly Check Measured = new("quote.measurement", "measurement register", "quoted", "PROTOCOL.md 6");
    private static readonly Check BootCount = new("claims.boot", "bootcount", "the TPM's resetCount", "PROTOCOL.md 5");

    /// <summary>Null, with findings, unless the complete checklist passed.</summary>
    public static SignedState? Run(Evidence evidence, Claims claims, AttesterRole role, AttestationKey key, AppraisalPolicy? policy, FindingList findings)
    {
        if (evidence.Quote is not { } sent) return null;
        var expected = ChallengeLeaf.QuoteExtraData(role, claims.Challenge.Span, evidence.ClaimsBytes.Span);
        // A batch whose leaves have several roles says so under the hash; the role of our own leaf is in the leaf besides (A32).
        var mixed = evidence.Proof.Size > 1 ? ChallengeLeaf.QuoteExtraData(AttesterRole.Batch, claims.Challenge.Span, evidence.ClaimsBytes.Span) : [];
        var request = policy?.Request ?? QuoteRequest.Default;
        if (QuoteCheck.Run(key, sent.Attest, sent.Signature, expected, mixed, request, sent.Values, findings) is not { } quote) return null;

        var register = policy?.Policy.MeasurementPcr ?? QuoteRequest.DefaultMeasurementPcr;
        if (!quote.TryGet(register, out var value) || value.Length != 32)
        {
            findings.Add(Measured.Failed($"PCR {register} is not among the quoted registers"));
            return null;
        }
        findings.Pass(Measured);
        var attest = quote.Attest;
        findings.Require(BootCount, claims.BootCount == attest.ResetCount, "another number");
        return new(attest.ResetCount, attest.RestartCount, attest.Clock, attest.Safe, attest.FirmwareVersion, value, null, quote.Values);
    }
}
