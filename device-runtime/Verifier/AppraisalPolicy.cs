using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>A policy whose signature, serial and dates were checked, with its patterns compiled. Made by <see cref="StatementVerifier"/>.</summary>
public sealed class AppraisalPolicy
{
    internal AppraisalPolicy(Policy policy, ReadOnlyMemory<byte> signed, NamePatterns mayChange)
    {
        (Policy, Signed, MayChange) = (policy, signed, mayChange);
        Request = new((TpmAlg)policy.Bank, policy.Pcrs);
        Rule = $"policy {policy.Id} #{policy.Serial}";
        TierAllowed = Passed("policy.tier", "assurance tier", "one that the policy allows");
        ChannelBound = Passed("policy.channel-binding", "channel binding", "as the policy says");
        FirmwareAllowed = Passed("firmware.denied", "TPM firmware", "a version without known leaks");
    }

    public Policy Policy { get; }

    /// <summary>The COSE_Sign1 it came in.</summary>
    public ReadOnlyMemory<byte> Signed { get; }

    /// <summary>What a challenge under this policy asks for.</summary>
    public QuoteRequest Request { get; }

    /// <summary>Files that may have any content.</summary>
    internal NamePatterns MayChange { get; }

    /// <summary>A measured name may have any value.</summary>
    public bool LetsChange(string name) => MayChange.Match(name);

    /// <summary>How findings name it: "policy default #1".</summary>
    internal string Rule { get; }

    internal Finding TierAllowed { get; }

    internal Finding ChannelBound { get; }

    internal Finding FirmwareAllowed { get; }

    internal bool AllowsTier(AssuranceTier tier)
    {
        for (var i = 0; i < Policy.Tiers.Count; i++)
            if (Policy.Tiers[i] == tier) return true;
        return false;
    }

    internal bool DeniesFirmware(ulong version)
    {
        for (var i = 0; i < Policy.DeniedFirmware.Count; i++)
            if (Policy.DeniedFirmware[i] == version) return true;
        return false;
    }

    private Finding Passed(string check, string claim, string words) => new(check, claim, words, words, Rule, Outcome.Pass);
}
