using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>The fleet in numbers, from one pass over the mirror.</summary>
/// <param name="Counts">Look to devices, every look present.</param>
/// <param name="Oldest">The active device whose last proof is longest ago, among those that ever proved themselves.</param>
/// <param name="Sites">Worst first, then by name.</param>
public sealed record FleetSummary(int Devices, IReadOnlyDictionary<string, int> Counts, GraphNode? Oldest, IReadOnlyList<SiteRow> Sites)
{
    /// <summary>Devices that should be proving themselves: neither pending, suspended nor revoked.</summary>
    public int Active => Devices - Counts[Looks.Pending] - Counts[Looks.Suspended] - Counts[Looks.Revoked];

    /// <summary>Share of the active devices that are trusted now, 0..100; null without active devices.</summary>
    public double? Coverage => Active == 0 ? null : 100.0 * Counts[Looks.Trusted] / Active;

    /// <summary>Look to devices, every look present.</summary>
    public static IReadOnlyDictionary<string, int> CountLooks(IEnumerable<GraphNode> devices)
    {
        var counts = Looks.All.ToDictionary(look => look, _ => 0);
        foreach (var device in devices)
            counts[device.Look] = counts.GetValueOrDefault(device.Look) + 1;
        return counts;
    }

    public static FleetSummary Of(IEnumerable<GraphNode> devices)
    {
        var total = 0;
        var counts = Looks.All.ToDictionary(look => look, _ => 0);
        var sites = new Dictionary<string, Dictionary<string, int>>();
        GraphNode? oldest = null;
        foreach (var device in devices)
        {
            total++;
            counts[device.Look] = counts.GetValueOrDefault(device.Look) + 1;
            if (!sites.TryGetValue(device.Site, out var site))
                sites.Add(device.Site, site = []);
            site[device.Look] = site.GetValueOrDefault(device.Look) + 1;
            if (device is { Standing: "active", ProvenAt: { } proven } && (oldest is null || proven < oldest.ProvenAt))
                oldest = device;
        }
        return new FleetSummary(total, counts, oldest, SiteRow.Ranked(sites));
    }
}
