using System.Security.Cryptography;
using TrustMesh.Trust.Peers;
using TrustMesh.Wire;

namespace TrustMesh.Bench;

/// <summary>
/// How a status list spreads without the silo, simulated: one device has it, and in each round every device speaks once with each of the peers the silo
/// assigned it; both ends of a handshake learn. Rounds until everyone who can be reached knows.
/// </summary>
internal static class SpreadBench
{
    private const int Peers = 4, Seeds = 5;

    public static IReadOnlyList<Row> Run()
    {
        var rows = new List<Row>();
        foreach (var devices in (int[])[10, 100, 1_000, 10_000, 100_000])
        {
            var (all, most, _) = Rounds(devices, down: 0);
            var (allWithout, mostWithout, cut) = Rounds(devices, down: 0.1);
            rows.Add(new(
                $"rounds until all of {devices:N0} devices know a new status list (simulated)", $"{all:0.0} (at most {most})",
                $"with every tenth device down: {allWithout:0.0} (at most {mostWithout}), {cut} cut off; log2 n = {Math.Log2(devices):0.0}", "O(log n)"));
        }
        return rows;
    }

    private static (double Mean, int Most, int CutOff) Rounds(int devices, double down)
    {
        var counts = Enumerable.Range(1, Seeds).Select(seed => Rounds(Neighbours(devices, seed), down, new Random(seed))).ToList();
        return (counts.Average(one => one.Rounds), counts.Max(one => one.Rounds), counts.Max(one => one.CutOff));
    }

    private static int[][] Neighbours(int devices, int seed)
    {
        var ids = Enumerable.Range(0, devices).Select(i => DeviceId.FromRootKey(SHA256.HashData(BitConverter.GetBytes(i)))).ToArray();
        var index = ids.Select((id, i) => (id, i)).ToDictionary(pair => pair.id, pair => pair.i);
        var rings = new PeerRings(SHA256.HashData(BitConverter.GetBytes(seed)), Peers, ids.Select((id, i) => (id, $"site-{i % 20}")));
        return [.. ids.Select(id => rings.PeersOf(id).Select(peer => index[peer]).ToArray())];
    }

    /// <summary>And how many devices that are up no list can get to.</summary>
    private static (int Rounds, int CutOff) Rounds(int[][] peers, double down, Random random)
    {
        var up = peers.Select(_ => random.NextDouble() >= down).ToArray();
        var first = Array.FindIndex(up, one => one);
        var reachable = Reachable(peers, up, first);
        var knows = new HashSet<int> { first };
        var rounds = 0;
        for (; knows.Count < reachable; rounds++)
        {
            var learned = new List<int>();
            for (var device = 0; device < peers.Length; device++)
            {
                if (!up[device]) continue;
                foreach (var peer in peers[device].Where(peer => up[peer]))
                    if (knows.Contains(device) != knows.Contains(peer)) learned.Add(knows.Contains(device) ? peer : device);
            }
            knows.UnionWith(learned);
        }
        return (rounds, up.Count(one => one) - reachable);
    }

    /// <summary>Devices a list can get to at all: handshakes go both ways.</summary>
    private static int Reachable(int[][] peers, bool[] up, int first)
    {
        var back = peers.Select(_ => new List<int>()).ToArray();
        for (var device = 0; device < peers.Length; device++)
            foreach (var peer in peers[device]) back[peer].Add(device);
        var seen = new HashSet<int> { first };
        var open = new Queue<int>(seen);
        while (open.TryDequeue(out var device))
            foreach (var next in peers[device].Concat(back[device]).Where(next => up[next]))
                if (seen.Add(next)) open.Enqueue(next);
        return seen.Count;
    }
}
