using TrustMesh.Contracts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Peers;

/// <summary>
/// How many active devices have passed enough examinations by others. A word counts as it would in a quorum (<see cref="PeerDesk.Words"/>), so that nobody vouches who
/// would not be believed: neither a device that is out or bad itself, nor one that contradicts everybody (attack A36), nor a verdict that has run out (attack A22).
/// Counting looks at every edge, and whoever looks at an overview asks once a second: it is counted anew at most every other second, and seldom enough to cost a
/// twentieth of a core (attack A42). Thread-safe.
/// </summary>
public sealed class PeerCoverage(DeviceDirectory directory, PeerDesk peers, PolicyBook policies, TimeProvider time)
{
    /// <summary>Without a quorum in the policy: one examiner alone is one that may lie.</summary>
    public const int Least = 2;

    private const int Rest = 20;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private MeshCoverage? last;
    private long countedAt;
    private TimeSpan keep;

    public MeshCoverage Now()
    {
        lock (gate)
        {
            if (last is not null && time.GetElapsedTime(countedAt) < keep) return last;
            var started = time.GetTimestamp();
            last = Count();
            countedAt = time.GetTimestamp();
            keep = Rest * time.GetElapsedTime(started, countedAt);
            if (keep < Shortest) keep = Shortest;
            return last;
        }
    }

    /// <summary>How many others have to vouch: so many as the policy's quorum has, two without one, and no more than a device of this mesh can have.</summary>
    /// <param name="peers">How many examine each device, as the policy has it.</param>
    public static int Needed(int quorum, int peers, int active) => Math.Max(0, Math.Min(quorum == 0 ? Least : quorum, Math.Min(peers, active - 1)));

    private MeshCoverage Count()
    {
        var (now, rules) = (time.GetUtcNow(), policies.InForce.Policy.PeerRules);
        var active = directory.Entries.Where(entry => entry.Standing == Standing.Active).ToList();
        var needed = Needed(rules.Quorum, rules.Peers, active.Count);
        var covered = needed == 0 ? 0 : active.Count(entry => peers.Words(entry.Device).Count(word
            => word.Counts && word.Issuer != entry.Device && word.Status is TrustTier.Affirming or TrustTier.Warning && now < word.ExpiresAt) >= needed);
        return new(active.Count, covered, needed, rules.Quorum);
    }
}
