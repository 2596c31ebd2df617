using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Silos of a mesh as a cluster would tell of them.</summary>
public sealed partial class FakeFleet
{
    /// <summary>By name.</summary>
    public SiloView[] Silos { get; set; } = [Silo("silo", 48, 1, ["everything"])];

    public static SiloView Silo(string name, int twins, double share, IReadOnlyList<string> duties) => new(
        name, "active", null, $"https://{name}.mesh.example:7443", $"http://{name}.mesh.example:7080", "0.2.0", DateTimeOffset.UtcNow.AddHours(-31), DateTimeOffset.UtcNow.AddSeconds(-1),
        twins, share, duties, Math.Round(twins / 60.0, 2), 1.34, 12.7, twins * 371L, 3, twins, 190L << 20, 0, null);

    /// <summary>One of them is dead, the second has trouble with its storage; with five or more one is silent and one joins.</summary>
    public static SiloView[] Cluster(int silos = 3)
    {
        var all = Enumerable.Range(1, silos).Select(at => Silo($"silo-{at}", 9_400 + (37 * at), 1.0 / (silos < 5 ? silos - 1 : silos - 2), Duties(at, silos))).ToArray();
        all[1] = all[1] with { StorageErrors = 4, LastStorageError = $"{DateTimeOffset.UtcNow.AddMinutes(-2):u} write of twin refused: 503 The server is busy", P99Ms = 1_640 };
        all[2] = Away(all[2], "dead", "two other silos found that it does not answer", 190) with { Twins = 0, Share = 0, Shards = [] };
        if (silos < 5)
            return all;
        all[3] = Away(all[3], "silent", "last heard of 14 s ago", 14);
        all[4] = all[4] with { Health = "joining", Why = "started 4 s ago", Twins = 120, Share = 0.004, Shards = [], CallsPerSecond = 0, P50Ms = 0, P99Ms = 0 };
        return all;
    }

    public static SiloView Away(SiloView silo, string health, string why, int seconds) => silo with { Health = health, Why = why, ReportedAt = DateTimeOffset.UtcNow.AddSeconds(-seconds) };

    private static List<string> Duties(int at, int silos) =>
        [.. at == 1 ? ["authority"] : Array.Empty<string>(), .. at <= 4 ? [$"log-{at - 1}"] : Array.Empty<string>(), .. Enumerable.Range(0, 32).Where(shard => ((shard / 2) + shard) % silos == at - 1).Select(shard => $"shard-{shard}")];
}
