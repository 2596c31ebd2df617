using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>Is there a policy, is it in force, and does the evidence meet what it says beside measurements (attacks A19, A29, A30).</summary>
internal static class PolicyCheck
{
    private static readonly Check Present = new("policy.present", "appraisal policy", "one signed by the mesh authority, in force", "A29: no policy is not a pass");

    public static bool InForce(AppraisalPolicy? policy, DateTimeOffset now, FindingList findings)
    {
        if (policy is null)
        {
            findings.Add(Present.Ended(Outcome.NoPolicy, "none; publish a policy"));
            return false;
        }
        if (policy.Policy.ExpiresAt <= now.ToUnixTimeSeconds())
        {
            findings.Add(Present.Ended(Outcome.NoPolicy, $"{policy.Rule} expired {Words.Time(policy.Policy.ExpiresAt)}; publish a newer one"));
            return false;
        }
        findings.Pass(Present);
        return true;
    }

    public static void Met(AppraisalPolicy policy, EnrolledDevice device, ChallengeLeaf leaf, in SignedState signed, TrustVector vector, FindingList findings)
    {
        var rules = policy.Policy;
        if (policy.AllowsTier(device.Tier)) findings.Add(policy.TierAllowed);
        else findings.Add(new("policy.tier", "assurance tier", string.Join(" or ", rules.Tiers), device.Tier.ToString(), policy.Rule, Outcome.Fail));

        if (!rules.ChannelBindingRequired || leaf.BindingType != ChannelBindingType.None) findings.Add(policy.ChannelBound);
        else findings.Add(new("policy.channel-binding", "channel binding", "the TLS connection itself under the signature", "none", policy.Rule, Outcome.Fail));

        if (device.Tier != AssuranceTier.TpmQuote) return;
        if (!policy.DeniesFirmware(signed.FirmwareVersion)) findings.Add(policy.FirmwareAllowed);
        else
        {
            vector.Lower(TrustVector.Hardware, 96);
            findings.Add(new("firmware.denied", "TPM firmware", "a version without known leaks", $"{signed.FirmwareVersion:x16}", policy.Rule, Outcome.Fail));
        }
    }
}
