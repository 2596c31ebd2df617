using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// What a policy would say of evidence that was given under another one, before anybody signs it. The evidence is verified again from scratch, as from a bundle
/// (<see cref="BundleVerifier"/>), under the policy it was asked for by, and appraised by the draft with the same code as ever. It answers words and a status and never
/// <see cref="VerifiedEvidence"/>: nothing that is only tried out moves a twin. Pure and thread-safe.
/// </summary>
public sealed class PolicyTrial
{
    private readonly AppraisalPolicy judge;

    private PolicyTrial(AppraisalPolicy judge) => this.judge = judge;

    /// <summary>A draft nobody signed; null, with the reason, if its patterns are none.</summary>
    public static PolicyTrial? Of(Policy draft, out string problem)
        => NamePatterns.TryCompile(draft.MayChange, out var patterns, out problem) ? new(new AppraisalPolicy(draft, default, patterns)) : null;

    /// <summary>A policy that is or was in force.</summary>
    public static PolicyTrial Of(AppraisalPolicy policy) => new(policy);

    /// <param name="evidence">As it came.</param>
    /// <param name="log">The measurement log of its boot, from the first entry.</param>
    /// <param name="asked">The policy the evidence was asked for by.</param>
    /// <param name="reference">Null where there is none for the device's model.</param>
    /// <param name="now">The moment that is judged at: statements in force then count.</param>
    public PolicyTrialResult Run(
        ReadOnlyMemory<byte> evidence, ReadOnlyMemory<byte> leaf, ReadOnlyMemory<byte> sessionSpki, IReadOnlyList<ReadOnlyMemory<byte>> log, EnrolledDevice device,
        AppraisalPolicy asked, AppraisalReference? reference, DateTimeOffset now)
    {
        var missing = device.Tier == AssuranceTier.TpmQuote ? judge.Policy.Pcrs.Except(asked.Policy.Pcrs).ToList() : [];
        if (missing.Count > 0) return new(null, [], $"its last evidence does not quote PCR {string.Join(", ", missing)}, as it was not asked to");
        try
        {
            var sent = Evidence.Decode(evidence);
            var whole = sent with { Log = sent.Log with { From = 0, Entries = log } };
            var result = EvidenceVerifier.Verify(whole, evidence, ChallengeLeaf.Decode(leaf), sessionSpki, device, AttesterState.None, asked, reference, now, judge: judge);
            return result.Verified is { } verified ? new(verified.Verdict.Status, verified.Verdict.Because, null)
                : new(null, result.Findings, $"its last evidence cannot be verified again: {result.Findings.FirstOrDefault(one => one.Outcome == Outcome.Fail)?.Sentence}");
        }
        catch (WireException bad)
        {
            return new(null, [], $"its last evidence cannot be read: {bad.Message}");
        }
    }
}
