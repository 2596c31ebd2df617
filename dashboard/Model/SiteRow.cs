namespace TrustMesh.Dashboard.Model;

/// <summary>One site on the overview.</summary>
/// <param name="Counts">Look to devices; absent is none.</param>
/// <param name="Risk">Contraindicated, then stale, then warning devices; larger is worse.</param>
public sealed record SiteRow(string Name, int Devices, IReadOnlyDictionary<string, int> Counts, long Risk)
{
    public int Of(string look) => Counts.GetValueOrDefault(look);
}
