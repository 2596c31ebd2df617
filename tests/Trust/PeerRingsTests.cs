using TrustMesh.Trust.Peers;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Trust;

public sealed class PeerRingsTests
{
    private static readonly byte[] Seed = [1, 2, 3];

    public static TheoryData<int, int> Meshes()
    {
        var table = new TheoryData<int, int>();
        foreach (var peers in (int[])[2, 3, 4, 8, 16])
            foreach (var devices in (int[])[1, 2, 3, 4, 5, 6, 7, 9, 17, 18, 19, 40, 200]) table.Add(devices, peers);
        return table;
    }

    [Theory, MemberData(nameof(Meshes))]
    public void Everyone_examines_k_others_and_is_examined_by_two_at_least(int devices, int peers)
    {
        foreach (var sites in (int[])[1, 2, 7])
        {
            var rings = new PeerRings(Seed, peers, Devices(devices, sites));
            var examiners = Enumerable.Range(0, devices).ToDictionary(Id, _ => new HashSet<DeviceId>());
            foreach (var device in examiners.Keys)
            {
                var chosen = rings.PeersOf(device);
                Assert.Equal(Math.Min(peers, devices - 1), chosen.Count);
                Assert.Equal(chosen.Count, chosen.Distinct().Count());
                Assert.DoesNotContain(device, chosen);
                foreach (var peer in chosen) examiners[peer].Add(device);
            }
            Assert.All(examiners.Values, them => Assert.True(them.Count >= Math.Min(2, devices - 1)));
        }
    }

    [Theory, InlineData(2), InlineData(4), InlineData(16)]
    public void A_device_that_comes_goes_or_moves_changes_those_near_it_and_nobody_else(int peers)
    {
        var random = new Random(7);
        var rings = new PeerRings(Seed, peers);
        var present = new List<DeviceId>();
        for (var step = 0; step < 400; step++)
        {
            var before = present.ToDictionary(device => device, rings.PeersOf);
            IReadOnlySet<DeviceId> near;
            if (present.Count < 3 || random.Next(5) > 1)
            {
                var device = Id(step);
                rings.Add(device, $"site-{random.Next(3)}");
                present.Add(device);
                near = rings.Near(device);
            }
            else if (random.Next(2) == 0)
            {
                var device = present[random.Next(present.Count)];
                near = rings.Near(device);
                rings.Remove(device);
                present.Remove(device);
                Assert.Empty(rings.PeersOf(device));
            }
            else
            {
                var device = present[random.Next(present.Count)];
                rings.Add(device, $"site-{random.Next(3)}");
                near = rings.Near(device);
            }
            Assert.All(present.Where(device => before.TryGetValue(device, out var known) && !known.SequenceEqual(rings.PeersOf(device))), device => Assert.Contains(device, near));
        }
    }

    [Fact]
    public void The_order_in_which_devices_come_does_not_matter()
    {
        var devices = Devices(100, 4).ToList();
        var (at_once, one_by_one) = (new PeerRings(Seed, 4, devices), new PeerRings(Seed, 4));
        foreach (var (device, site) in Enumerable.Reverse(devices)) one_by_one.Add(device, site);
        one_by_one.Add(Id(1000), "elsewhere");
        one_by_one.Remove(Id(1000));
        Assert.All(devices, one => Assert.Equal(at_once.PeersOf(one.Device), one_by_one.PeersOf(one.Device)));
    }

    [Fact]
    public void A36_Who_does_not_know_the_seed_does_not_know_its_examiners()
    {
        var devices = Devices(100, 4).ToList();
        var (one, other) = (new PeerRings([1], 4, devices), new PeerRings([2], 4, devices));
        Assert.True(devices.Count(device => one.PeersOf(device.Device).Intersect(other.PeersOf(device.Device)).Any()) < 50);
    }

    [Fact]
    public void Where_there_are_other_sites_each_device_is_examined_across_them()
    {
        var devices = Devices(1000, 5).ToDictionary(one => one.Device, one => one.Site);
        var rings = new PeerRings(Seed, 4, devices.Select(pair => (pair.Key, pair.Value)));
        Assert.All(devices, device => Assert.True(rings.PeersOf(device.Key).Count(peer => devices[peer] != device.Value) >= 2));
    }

    [Fact]
    public void The_only_device_of_its_site_does_not_get_everybody()
    {
        var devices = Devices(2000, 1).ToList();
        devices[0] = (devices[0].Device, "lonely");
        var rings = new PeerRings(Seed, 4, devices);
        Assert.InRange(devices.Count(device => rings.PeersOf(device.Device).Contains(devices[0].Device)), 2, 2 + 2 * PeerRings.Reach);
    }

    [Theory, InlineData(10), InlineData(100), InlineData(1_000), InlineData(10_000)]
    public void The_work_of_a_device_stays_the_same_as_the_mesh_grows(int devices)
    {
        const int Peers = 4, Probes = 50;
        var rings = new PeerRings(Seed, Peers, Devices(devices, Math.Max(2, devices / 20)));
        var examined = new Dictionary<DeviceId, int>();
        for (var i = 0; i < devices; i++)
        {
            var chosen = rings.PeersOf(Id(i));
            Assert.Equal(Peers, chosen.Count);
            foreach (var peer in chosen) examined[peer] = examined.GetValueOrDefault(peer) + 1;
        }
        Assert.Equal((devices, 4.0), (examined.Count, examined.Values.Average()));
        Assert.InRange(examined.Values.Min(), 2, 4);
        Assert.InRange(examined.Values.Max(), 4, 4 * Peers);

        // Joins and leaves: who else has to look at others afterwards.
        double joined = 0, left = 0;
        for (var i = 0; i < Probes; i++)
        {
            var (device, site) = (Id(devices + i), $"site-{i % 7}");
            rings.Add(device, site);
            var near = rings.Near(device).Where(other => other != device).ToList();
            var with = near.ToDictionary(other => other, rings.PeersOf);
            rings.Remove(device);
            joined += near.Count(other => !rings.PeersOf(other).SequenceEqual(with[other]));

            var leaver = Id(i % devices);
            var around = rings.Near(leaver).Where(other => other != leaver).ToDictionary(other => other, rings.PeersOf);
            rings.Remove(leaver);
            left += around.Count(other => !rings.PeersOf(other.Key).SequenceEqual(other.Value));
            rings.Add(leaver, SiteOf(i % devices, Math.Max(2, devices / 20)));
        }
        Assert.InRange(joined / Probes, 2, 2 * Peers);
        Assert.InRange(left / Probes, 2, 2 * Peers);
    }

    private static DeviceId Id(int number) => DeviceId.FromRootKey(BitConverter.GetBytes(number));

    private static string SiteOf(int number, int sites) => $"site-{number % sites}";

    private static IEnumerable<(DeviceId Device, string Site)> Devices(int count, int sites) => Enumerable.Range(0, count).Select(i => (Id(i), SiteOf(i, sites)));
}
