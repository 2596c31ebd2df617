using System.Diagnostics;
using TrustMesh.Trust.Peers;
using TrustMesh.Wire;

namespace TrustMesh.Bench;

/// <summary>
/// Who examines whom, as meshes grow: what a device has to do stays the same, and so does what a join or a leave disturbs. Ten devices to a site, three sites at least.
/// </summary>
internal static class PeerBench
{
    private const int Peers = 4, PerSite = 10, Probes = 200;
    private static readonly byte[] Seed = [1, 2, 3, 4];

    public static IEnumerable<Row> Run() => new[] { 10, 100, 1_000, 10_000 }.Select(Measure);

    private static Row Measure(int devices)
    {
        var sites = Enumerable.Range(0, devices).ToDictionary(Id, number => Site(number, devices));
        var rings = new PeerRings(Seed, Peers, sites.Select(pair => (pair.Key, pair.Value)));
        var examined = sites.Keys.ToDictionary(device => device, _ => 0);
        var (outside, most, least) = (0, 0, int.MaxValue);
        foreach (var device in sites.Keys)
        {
            var chosen = rings.PeersOf(device);
            (most, least) = (Math.Max(most, chosen.Count), Math.Min(least, chosen.Count));
            foreach (var peer in chosen)
            {
                examined[peer]++;
                if (sites[peer] != sites[device]) outside++;
            }
        }
        var (joined, left) = (Joins(rings, devices), Leaves(rings, devices));
        var each = Cost(rings, devices);
        return new(
            $"peers of each device, {devices:N0} devices",
            $"examines {(least == most ? $"{most}" : $"{least} to {most}")}, examined by {examined.Values.Min()} to {examined.Values.Max()}, {examined.Values.Average():N1} on average",
            $"a join changes {joined.Average():N1} others (most {joined.Max()}), a leave {left.Average():N1} (most {left.Max()}); {100.0 * outside / examined.Values.Sum():N0} % across sites; {each:N1} µs to compute",
            "4 whatever the size; by 2 or more");
    }

    private static List<int> Joins(PeerRings rings, int devices)
        => [.. Enumerable.Range(devices, Probes).Select(number =>
        {
            rings.Add(Id(number), Site(number, devices));
            var with = Around(rings, Id(number));
            rings.Remove(Id(number));
            return Changed(rings, with);
        })];

    private static List<int> Leaves(PeerRings rings, int devices)
        => [.. Enumerable.Range(0, Math.Min(Probes, devices)).Select(number =>
        {
            var with = Around(rings, Id(number));
            rings.Remove(Id(number));
            var changed = Changed(rings, with);
            rings.Add(Id(number), Site(number, devices));
            return changed;
        })];

    private static Dictionary<DeviceId, IReadOnlyList<DeviceId>> Around(PeerRings rings, DeviceId device)
        => rings.Near(device).Where(other => other != device).ToDictionary(other => other, rings.PeersOf);

    private static int Changed(PeerRings rings, Dictionary<DeviceId, IReadOnlyList<DeviceId>> before)
        => before.Count(pair => !rings.PeersOf(pair.Key).SequenceEqual(pair.Value));

    /// <summary>Microseconds of one assignment, the fastest of three passes.</summary>
    private static double Cost(PeerRings rings, int devices)
    {
        var ids = Enumerable.Range(0, 20_000).Select(i => Id(i % devices)).ToList();
        return Enumerable.Range(0, 3).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            foreach (var id in ids) rings.PeersOf(id);
            return watch.Elapsed.TotalMicroseconds / ids.Count;
        });
    }

    private static DeviceId Id(int number) => DeviceId.FromRootKey(BitConverter.GetBytes(number));

    private static string Site(int number, int devices) => $"site-{number % Math.Max(3, devices / PerSite)}";
}
