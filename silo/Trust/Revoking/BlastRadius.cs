using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Peers;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Revoking;

/// <summary>
/// What it costs the others when devices go: who loses examiners, and where peers can no longer suspend a device by themselves. An examiner of a device is
/// who has a word on it that would count in a quorum now: active, not found bad, not doubted, its verdict in force (API.md, Revoking many). Pure.
/// </summary>
/// <param name="Hits">The worst first.</param>
/// <param name="Sites">By name.</param>
public sealed record BlastRadius(IReadOnlyList<PlanHit> Hits, IReadOnlyList<PlanSite> Sites)
{
    public const string Alone = "alone", BelowPromise = "below-promise", BelowQuorum = "below-quorum";

    private static readonly string[] WorstFirst = [Alone, BelowPromise, BelowQuorum];

    /// <param name="devices">All of the mesh.</param>
    /// <param name="gone">Those that are revoked.</param>
    /// <param name="examiners">Whose word on a device counts.</param>
    /// <param name="assigned">Devices on the rings afterwards, and how many are told to examine each.</param>
    /// <param name="quorum">0: peers suspend nobody.</param>
    public static BlastRadius Of(
        IEnumerable<DeviceEntry> devices, IReadOnlySet<DeviceId> gone, Func<DeviceId, IReadOnlyCollection<DeviceId>> examiners, IReadOnlyDictionary<DeviceId, int> assigned, int quorum,
        DateTimeOffset now)
    {
        var hits = new List<PlanHit>();
        var sites = new SortedDictionary<string, PlanSite>(StringComparer.Ordinal);
        var concerned = new HashSet<string>();
        foreach (var device in devices)
        {
            if (gone.Contains(device.Device)) concerned.Add(device.Site);
            if (device.Standing != Standing.Active) continue;
            var site = sites.GetValueOrDefault(device.Site) ?? new(device.Site, 0, 0, 0, 0);
            site = site with { Active = site.Active + 1 };
            if (!gone.Contains(device.Device))
            {
                site = site with { Left = site.Left + 1 };
                var before = examiners(device.Device);
                string[] lost = [.. before.Where(gone.Contains).Select(one => one.Text)];
                var (has, left) = (before.Count, before.Count - lost.Length);
                var later = assigned.TryGetValue(device.Device, out var told) ? told : (int?)null;
                if (quorum > 0 && has >= quorum && left < quorum)
                    site = site with { Falls = site.Falls + 1, Stays = site.Stays + (later >= quorum ? 0 : 1) };
                if (Loss(has, left, quorum) is { } loss)
                {
                    hits.Add(new(device.Device.Text, device.Name, device.Site, device.Look(now), loss, has, left, later, lost));
                    concerned.Add(device.Site);
                }
            }
            sites[device.Site] = site;
        }
        hits.Sort(Order);
        return new(hits, [.. sites.Values.Where(site => concerned.Contains(site.Site))]);
    }

    /// <summary>Null if nothing of note happens: who had nobody loses nobody, and one examiner of many is not missed.</summary>
    private static string? Loss(int has, int left, int quorum)
        => has == left ? null
            : left == 0 ? Alone
            : left < PeerRings.LeastExaminers && has >= PeerRings.LeastExaminers ? BelowPromise
            : quorum > 0 && has >= quorum && left < quorum ? BelowQuorum : null;

    private static int Order(PlanHit one, PlanHit other)
    {
        var byLoss = Array.IndexOf(WorstFirst, one.Loss).CompareTo(Array.IndexOf(WorstFirst, other.Loss));
        if (byLoss != 0) return byLoss;
        var byLeft = one.Left.CompareTo(other.Left);
        return byLeft != 0 ? byLeft : string.CompareOrdinal(one.Name, other.Name);
    }
}
