using TrustMesh.Trust.Directory;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>What a draft of a policy would do to one device.</summary>
/// <param name="Effect">fails, passes, changes, same, unjudged.</param>
/// <param name="Then">By the draft; null if unjudged.</param>
/// <param name="Finding">The one that decides; null where there is none.</param>
/// <param name="Words">Why, where no finding says it.</param>
public sealed record PolicyEffect(DeviceEntry Device, string Effect, TrustTier Now, TrustTier? Then, Finding? Finding, string Words, IReadOnlyList<Finding> Because)
{
    public static PolicyEffect Unjudged(DeviceEntry device, string why) => new(device, "unjudged", device.Status, null, null, why, []);

    public static PolicyEffect Same(DeviceEntry device) => new(device, "same", device.Status, device.Status, null, "", []);

    public static PolicyEffect Of(DeviceEntry device, TrustTier now, IReadOnlyList<Finding> before, TrustTier then, IReadOnlyList<Finding> after)
    {
        var effect = (Trusted(now), Trusted(then)) switch { (true, false) => "fails", (false, true) => "passes", _ => "changes" };
        // Whoever passes does so because of what no longer stands against it.
        var telling = Open(after).Where(one => !before.Contains(one)).Concat(Open(before).Where(one => !after.Contains(one))).Concat(Open(after)).Distinct().ToList();
        return new(device, effect, now, then, telling.FirstOrDefault(), "another status", telling);
    }

    private static bool Trusted(TrustTier status) => status is TrustTier.Affirming or TrustTier.Warning;

    /// <summary>Findings that did not pass, those that failed first.</summary>
    private static IEnumerable<Finding> Open(IReadOnlyList<Finding> findings) => findings.Where(one => one.Outcome != Outcome.Pass).OrderBy(one => one.Outcome == Outcome.Fail ? 0 : 1);
}
