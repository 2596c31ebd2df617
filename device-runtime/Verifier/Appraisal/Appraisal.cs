using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Judges authentic evidence: policy in force and met, firmware, registers and files against reference values. Every rule leaves a finding;
/// the status is their conjunction (attacks A08, A15, A16, A19, A29). Vector values: EAR and AR4SI as in PROTOCOL.md section 10.
/// </summary>
internal static class Appraisal
{
    /// <summary>How long a verdict stands while no policy says so.</summary>
    private static readonly TimeSpan UnruledLifetime = TimeSpan.FromMinutes(5);

    private static readonly Check Protection = new("key.protection", "signing key", "held by hardware", "AR4SI storage-opaque");
    private static readonly Check Compared = new("appraisal.compared", "reference values", "at least one value compared", "A08: nothing compared is not a pass");

    /// <param name="after">Gets the appraisal of its files remembered.</param>
    public static Verdict Run(EnrolledDevice device, ChallengeLeaf leaf, in SignedState signed, ref AttesterState after, bool replayed,
        AppraisalPolicy? policy, AppraisalReference? reference, DateTimeOffset now, FindingList findings)
    {
        var vector = new TrustVector();
        vector.Lower(TrustVector.InstanceIdentity, 2);
        var software = device.Tier == AssuranceTier.Software;
        vector.Lower(TrustVector.StorageOpaque, software ? 32 : 2);
        if (software) findings.Add(Protection.Ended(Outcome.Warn, "a software key, which can be copied"));
        else if (device.Endorsement is { } known) findings.Add(Protection.Ended(Outcome.Pass, known));
        else findings.Pass(Protection);
        if (!replayed) vector.Lower(TrustVector.FileSystem, 99);

        var ruled = PolicyCheck.InForce(policy, now, findings);
        if (policy is not null && ruled) PolicyCheck.Met(policy, device, leaf, signed, vector, findings);
        var referenced = ReferenceCheck.InForce(reference, device.Model, now, findings);
        if (policy is not null && reference is not null && ruled && referenced)
        {
            var compared = RegisterCheck.Run(signed, policy, reference, device.Tier, vector, findings);
            if (replayed)
            {
                var files = after.Appraised is { } known && known.IsOf(policy, reference) ? known : FileAppraisal.Of(after.Current, policy, reference);
                after = after with { Appraised = files };
                findings.AddAll(files.Findings);
                if (files.Value != 0) vector.Lower(TrustVector.FileSystem, files.Value);
                compared += files.Compared;
            }
            if (compared > 0) findings.Pass(Compared);
            else findings.Add(Compared.Ended(Outcome.NotCompared, "nothing; learn reference values for this model from a good device"));
        }
        var lifetime = policy is null ? UnruledLifetime : TimeSpan.FromSeconds(policy.Policy.LifetimeSeconds);
        return new(Conclude(findings, ruled && referenced && replayed), device.Tier, vector, policy?.Policy.Id ?? "", policy?.Policy.Serial ?? 0,
            reference?.Values.Serial ?? 0, findings.ToBecause(), now, now + lifetime);
    }

    /// <summary>Affirming is an explicit value that only the complete appraisal with nothing but passes produces (A16).</summary>
    private static TrustTier Conclude(FindingList findings, bool complete)
    {
        if (findings.AnyFailure) return TrustTier.Contraindicated;
        if (!complete || findings.Has(Outcome.NotCompared) || findings.Has(Outcome.NoPolicy) || findings.Has(Outcome.NoAnswer)) return TrustTier.None;
        return findings.Has(Outcome.Warn) ? TrustTier.Warning : TrustTier.Affirming;
    }
}
