using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Peers;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Revoking;

/// <summary>Says what a revocation would do before anybody does it. Changes nothing. Thread-safe.</summary>
public sealed class RevocationPlanner(DeviceDirectory directory, PeerDesk peers, RingForecast rings, PolicyBook policies, SecondPersonRule rule, TimeProvider time)
{
    /// <summary>Devices of one act; and of what a plan tells besides them, the first so many.</summary>
    public const int MostDevices = 1000, MostBeyond = 100, MostHits = 500;

    /// <summary>Every device the query finds.</summary>
    public IReadOnlyList<DeviceEntry> Find(FleetQuery query)
    {
        var now = time.GetUtcNow();
        return [.. directory.Entries.Where(entry => query.Matches(entry.Facts(now), now))];
    }

    /// <summary>Sorts out who of these is revoked already, and who is not this person's to revoke.</summary>
    public static PlanChoice Choose(IEnumerable<DeviceEntry> meant, OperatorRights rights)
    {
        var all = meant.DistinctBy(entry => entry.Device).OrderBy(entry => entry.Name, StringComparer.Ordinal).ThenBy(entry => entry.Device.Text, StringComparer.Ordinal).ToList();
        var left = all.Where(entry => entry.Standing != Standing.Revoked).ToLookup(entry => RevocationRights.Missing(rights, entry.Standing, entry.Site) is null);
        List<DeviceEntry> within = [.. left[true]], beyond = [.. left[false]];
        var yours = within.Count > 0 || beyond.Count == 0;
        return new(yours ? within : beyond, all.Count - within.Count - beyond.Count, beyond, yours);
    }

    /// <param name="choice">At most <see cref="MostDevices"/> devices.</param>
    public async Task<RevocationPlan> PlanAsync(PlanChoice choice, OperatorIdentity caller, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var gone = choice.Devices.Select(entry => entry.Device).ToHashSet();
        var quorum = policies.InForce.Policy.PeerRules.Quorum;
        var assigned = gone.Count == 0 ? new Dictionary<DeviceId, int>() : await rings.ExaminersAsync(directory.Entries.Where(entry => !gone.Contains(entry.Device)), cancellation);
        var blast = gone.Count == 0 ? new([], []) : BlastRadius.Of(directory.Entries, gone, device => Examiners(device, now), assigned, quorum, now);
        PlannedDevice[] devices = [.. choice.Devices.Select(entry => new PlannedDevice(
            entry.Device.Text, entry.Name, entry.Site, Twins.TwinTransition.Text(entry.Standing), entry.Look(now), PlanMarks.Of(entry)))];
        return new(
            PlanMarks.Digest(devices.Select(one => new PlanTarget(one.Id, one.Mark))), now, choice.Yours, devices, choice.Already,
            [.. choice.Beyond.Take(MostBeyond).Select(entry => new PlanBeyond(entry.Device.Text, entry.Name, entry.Site, RevocationRights.Missing(caller.Rights, entry.Standing, entry.Site)!))],
            choice.Beyond.Count, [.. blast.Hits.Take(MostHits)], Count(blast, BlastRadius.Alone), Count(blast, BlastRadius.BelowPromise), Count(blast, BlastRadius.BelowQuorum), blast.Sites,
            quorum, PeerRings.LeastExaminers, await SecondPersonAsync(caller.Name, choice.Devices.Count(entry => RevocationDesk.Counts(entry.Standing)), cancellation));
    }

    private static int Count(BlastRadius blast, string loss) => blast.Hits.Count(hit => hit.Loss == loss);

    /// <summary>Whose word on the device would count in a quorum now.</summary>
    private List<DeviceId> Examiners(DeviceId device, DateTimeOffset now)
        => [.. peers.Words(device).Where(word => word.Counts && word.Status != TrustTier.None && now < word.ExpiresAt).Select(word => word.Issuer).Distinct()];

    private async Task<string?> SecondPersonAsync(string name, int count, CancellationToken cancellation)
    {
        var now = await rule.ReadAsync(name, cancellation);
        return now.Left is { } left && count > left ? Sentence(now, left) : null;
    }

    /// <summary>Why somebody cannot go on alone.</summary>
    internal static string Sentence(RevocationRule rule, int left)
        => $"One person alone may revoke at most {rule.MoreThan} within {rule.Hours} h, and you have {left} left. A second person has to approve this, an approver for every site it concerns.";
}
