using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>One site in numbers, or what else devices are counted by (<see cref="FleetGrouping"/>).</summary>
/// <param name="Counts">Look to devices; absent is none.</param>
/// <param name="Risk">Contraindicated, then stale, then warning devices; larger is worse.</param>
public sealed record SiteRow(string Name, int Devices, IReadOnlyDictionary<string, int> Counts, long Risk)
{
    public int Of(string look) => Counts.GetValueOrDefault(look);

    /// <summary>Worst first, then by name.</summary>
    public static IReadOnlyList<SiteRow> Ranked(IEnumerable<KeyValuePair<string, Dictionary<string, int>>> looks) =>
        [.. looks.Select(one => new SiteRow(one.Key, one.Value.Values.Sum(), one.Value, RiskOf(one.Value))).OrderByDescending(one => one.Risk).ThenBy(one => one.Name, StringComparer.Ordinal)];

    private static long RiskOf(Dictionary<string, int> looks) =>
        (looks.GetValueOrDefault(Looks.Contraindicated) * 1_000_000_000_000L) + (looks.GetValueOrDefault(Looks.Stale) * 1_000_000L) + looks.GetValueOrDefault(Looks.Warning);
}
