using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>What is looked at beside the evidence itself (PROTOCOL.md section 13).</summary>
internal static class PeerFindings
{
    public const string Current = "status.current", Listed = "status.list", Reached = "peer.reach";

    private const string StatusRule = "PROTOCOL.md 14";

    private const string GraceRule = "A35: who can not hear of revocations trusts nobody", Young = "younger than the policy's grace period";

    public static Finding IsCurrent { get; } = new(Current, "status list", Young, Young, GraceRule, Outcome.Pass);

    public static Finding NotCurrent(string got) => new(Current, "status list", Young, got, GraceRule, Outcome.NoAnswer);

    public static Finding Standing(StatusValue? value) => new(Listed, "standing", "valid", value switch
    {
        null => "not in the status list this device has",
        StatusValue.Invalid => "revoked",
        StatusValue.Suspended => "suspended",
        StatusValue.Valid => "valid",
        _ => "not valid",
    }, StatusRule, value switch { null => Outcome.NoAnswer, StatusValue.Valid => Outcome.Pass, _ => Outcome.Fail });

    public static Finding Unreached(string why) => new(Reached, "peer", "an answer", $"no answer: {why}", "PROTOCOL.md 13", Outcome.NoAnswer);

    /// <summary>Those that are not a pass, as many as a verdict has room for; the first of each outcome is always among them.</summary>
    public static IReadOnlyList<Finding> Fit(IEnumerable<Finding> findings)
    {
        var others = findings.Where(finding => finding.Outcome != Outcome.Pass).ToList();
        if (others.Count <= Caps.PeerFindingCount) return others;
        var kept = others.DistinctBy(finding => finding.Outcome).ToHashSet();
        foreach (var finding in others)
            if (kept.Count < Caps.PeerFindingCount) kept.Add(finding);
        return [.. others.Where(kept.Contains).Take(Caps.PeerFindingCount)];
    }
}
