using System.Buffers.Binary;
using System.Security.Cryptography;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Peers;

/// <summary>
/// Who examines whom. Every device stands on several rings, at a place that a keyed hash of its id gives it: nobody who does not know the key
/// can choose a root that lands beside a certain device. On the first ring a device examines the two after it, so each device is examined by
/// the two before it: two different ones whenever there are three devices. On each further ring it examines the next device of another site,
/// or, where the next few are all of its own, the next one: near enough that no device of a rare site gets everybody's attention. A device
/// that comes or goes moves only those that stand right before it. With k + 1 devices or fewer everyone examines everyone.
/// A place is found by binary search; an assignment costs O(k log n). Pure; one caller at a time.
/// </summary>
public sealed class PeerRings
{
    /// <summary>How many places a device looks ahead on a ring for one of another site.</summary>
    public const int Reach = 8;

    /// <summary>Distinct devices that examine each device, by the first ring alone.</summary>
    public const int LeastExaminers = 2;

    private readonly byte[] seed;
    private readonly int peers;
    private readonly List<Place>[] rings;
    private readonly Dictionary<DeviceId, Place> places = [];

    /// <param name="seed">What the hash is keyed with; another one gives other rings.</param>
    /// <param name="peers">k: how many each device examines, 2 or more.</param>
    public PeerRings(ReadOnlySpan<byte> seed, int peers, IEnumerable<(DeviceId Device, string Site)>? devices = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(peers, LeastExaminers);
        (this.seed, this.peers) = (seed.ToArray(), peers);
        rings = [.. Enumerable.Range(0, peers - LeastExaminers + 1).Select(_ => new List<Place>())];
        foreach (var (device, site) in devices ?? []) places[device] = new(device, site, Hashes(device));
        for (var ring = 0; ring < rings.Length; ring++)
        {
            rings[ring].AddRange(places.Values);
            rings[ring].Sort(new ByPlace(ring));
        }
    }

    public int Count => places.Count;

    public bool Contains(DeviceId device) => places.ContainsKey(device);

    /// <summary>Puts a device on the rings, or moves it to another site.</summary>
    public void Add(DeviceId device, string site)
    {
        if (places.TryGetValue(device, out var known))
        {
            known.Site = site;
            return;
        }
        var place = places[device] = new(device, site, Hashes(device));
        for (var ring = 0; ring < rings.Length; ring++) rings[ring].Insert(~Find(ring, place), place);
    }

    public void Remove(DeviceId device)
    {
        if (!places.Remove(device, out var place)) return;
        for (var ring = 0; ring < rings.Length; ring++) rings[ring].RemoveAt(Find(ring, place));
    }

    /// <summary>Whom the device examines, most k; nobody if it is not on the rings.</summary>
    public IReadOnlyList<DeviceId> PeersOf(DeviceId device)
    {
        if (!places.TryGetValue(device, out var self)) return [];
        if (Count <= peers + 1) return [.. rings[0].Where(place => place != self).Select(place => place.Device)];
        var chosen = new List<DeviceId>(peers);
        var at = Find(0, self);
        for (var step = 1; step <= LeastExaminers; step++) chosen.Add(After(0, at, step).Device);
        for (var ring = 1; ring < rings.Length; ring++) chosen.Add(Choose(ring, self, chosen));
        return chosen;
    }

    /// <summary>
    /// Everyone whose assignment can change when this device comes, goes or moves, itself among them. Ask while it is on the rings.
    /// </summary>
    public IReadOnlySet<DeviceId> Near(DeviceId device)
    {
        if (!places.TryGetValue(device, out var self)) return new HashSet<DeviceId>();
        // One more device than that, and the last graph in which everyone examined everyone was just left.
        if (Count <= peers + 2) return places.Keys.ToHashSet();
        var near = new HashSet<DeviceId> { device };
        for (var ring = 0; ring < rings.Length; ring++)
        {
            // Whoever looks ahead passes by those it has chosen already: as many places more.
            var reach = Math.Min(Count - 1, ring == 0 ? LeastExaminers : Reach + peers);
            var at = Find(ring, self);
            for (var step = 1; step <= reach; step++) near.Add(After(ring, at, Count - step).Device);
        }
        return near;
    }

    private DeviceId Choose(int ring, Place self, List<DeviceId> chosen)
    {
        var at = Find(ring, self);
        Place? first = null;
        for (var step = 1; step < Count && (step <= Reach || first is null); step++)
        {
            var place = After(ring, at, step);
            if (chosen.Contains(place.Device)) continue;
            if (place.Site != self.Site) return place.Device;
            first ??= place;
        }
        return first!.Device;
    }

    private Place After(int ring, int at, int step) => rings[ring][(at + step) % Count];

    private int Find(int ring, Place place) => rings[ring].BinarySearch(place, new ByPlace(ring));

    private ulong[] Hashes(DeviceId device)
    {
        Span<byte> keyed = stackalloc byte[1 + DeviceId.Size], hash = stackalloc byte[32];
        device.WriteUeid(keyed[1..]);
        var hashes = new ulong[rings.Length];
        for (var ring = 0; ring < hashes.Length; ring++)
        {
            keyed[0] = (byte)ring;
            HMACSHA256.HashData(seed, keyed, hash);
            hashes[ring] = BinaryPrimitives.ReadUInt64BigEndian(hash);
        }
        return hashes;
    }

    private sealed class Place(DeviceId device, string site, ulong[] hashes)
    {
        public DeviceId Device => device;

        public string Site { get; set; } = site;

        public ulong[] Hashes => hashes;
    }

    private sealed class ByPlace(int ring) : IComparer<Place>
    {
        public int Compare(Place? a, Place? b)
            => a!.Hashes[ring].CompareTo(b!.Hashes[ring]) is var order and not 0 ? order : string.CompareOrdinal(a.Device.Text, b.Device.Text);
    }
}
