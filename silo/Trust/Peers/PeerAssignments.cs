using System.Collections.Concurrent;
using System.Security.Cryptography;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Trust.Peers;

/// <summary>
/// Tells each device whom to examine (PROTOCOL.md section 15): the <see cref="PeerRings"/> over all active devices that said where they listen,
/// signed by the authority with rising serials when a device asks and its peers or their addresses are others than before. Addresses are
/// words of devices for devices: they are kept and passed on, and never dialled from here (attack A41). Thread-safe.
/// </summary>
/// <param name="peers">k, as the policy in force says.</param>
public sealed class PeerAssignments(MeshAuthority authority, IRecordStore store, Serials serials, Func<int> peers, RandomNumberGenerator random, TimeProvider time) : IDisposable
{
    private const string SeedKind = "peer-seed", AddressKind = "peer-address", Current = "current", Counter = "peers";
    private const int SeedSize = 32, SerialsAtOnce = 256;
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>A device that moves more often than this is heard when it asks again (attack A42): each move costs a write, and a signature for each of its examiners.</summary>
    private static readonly TimeSpan BetweenMoves = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim reserving = new(1);
    private readonly Dictionary<DeviceId, Announcement> announced = [];
    private readonly Dictionary<DeviceId, DeviceEntry> members = [];
    private readonly ConcurrentDictionary<DeviceId, SignedAssignment> issued = new();
    private byte[] seed = [];
    private int width;
    private PeerRings? rings;
    private long nextSerial, lastSerial;

    /// <summary>The device may have to examine others than before; raised without a lock held.</summary>
    public event Action<DeviceId>? Changed;

    /// <summary>Devices on the rings.</summary>
    public int Count { get { lock (gate) return Rings.Count; } }

    private PeerRings Rings => rings ?? throw new InvalidOperationException("The assignments were not loaded.");

    /// <summary>Reads what devices announced, and puts those of <paramref name="entries"/> that are active on the rings.</summary>
    public async Task LoadAsync(IEnumerable<DeviceEntry> entries, CancellationToken cancellation)
    {
        seed = await SeedAsync(cancellation);
        foreach (var row in await store.ListAsync(AddressKind, cancellation))
            // A row that is no device, or no address, is nobody's (attack A43).
            if (DeviceId.TryParse(row.Id, out var device) && Addresses(row) is { } addresses) announced[device] = new(addresses, row.Version, DateTimeOffset.MinValue);
        lock (gate)
        {
            foreach (var entry in entries)
                if (Takes(entry)) members[entry.Device] = entry;
            Build();
        }
    }

    /// <summary>A device as the directory knows it now: it comes onto the rings, leaves them, or has another name, site or model.</summary>
    public void Note(DeviceEntry entry)
    {
        IEnumerable<DeviceId> near;
        lock (gate)
        {
            var before = members.GetValueOrDefault(entry.Device);
            if (Takes(entry))
            {
                if (before is not null && before.Name == entry.Name && before.Site == entry.Site && before.Model == entry.Model) return;
                members[entry.Device] = entry;
                Rings.Add(entry.Device, entry.Site);
                near = Rings.Near(entry.Device);
            }
            else
            {
                if (before is null) return;
                near = Rings.Near(entry.Device);
                members.Remove(entry.Device);
                Rings.Remove(entry.Device);
                issued.TryRemove(entry.Device, out _);
            }
        }
        Tell(near);
    }

    /// <summary>Where an active device listens, from its own mouth; none takes it off the rings.</summary>
    public async Task AnnounceAsync(DeviceEntry entry, IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        if (entry.Standing != Standing.Active) return;
        var now = time.GetUtcNow();
        Announcement known;
        lock (gate)
        {
            known = announced.GetValueOrDefault(entry.Device, Announcement.None);
            if (known.Addresses.SequenceEqual(addresses) || now - known.At < BetweenMoves) return;
        }
        var kept = await KeepAsync(entry.Device, addresses, known.Version, cancellation) with { At = now };
        IEnumerable<DeviceId> near;
        lock (gate)
        {
            announced[entry.Device] = kept;
            near = Rings.Near(entry.Device);
        }
        Note(entry);
        Tell(near);
    }

    /// <summary>Whom the device examines now, with where they listen; null if it is not on the rings.</summary>
    public IReadOnlyList<AssignedPeer>? PeersOf(DeviceId device)
    {
        lock (gate)
            return !Rings.Contains(device) ? null : [.. Rings.PeersOf(device).Select(id => members[id]).Select(peer => new AssignedPeer(peer.Device, peer.Name, peer.Site, peer.Model, announced[peer.Device].Addresses))];
    }

    /// <summary>The device's assignment, signed when it is another than the last, or that one is in the second half of its life. Null if it has none.</summary>
    public async Task<SignedAssignment?> ForAsync(DeviceId device, CancellationToken cancellation)
    {
        if (PeersOf(device) is not { } wanted) return null;
        var now = time.GetUtcNow();
        if (issued.TryGetValue(device, out var last) && last.ExpiresAt - now > Life / 2 && Same(last.Peers, wanted)) return last;
        var assignment = new PeerAssignment(authority.Mesh, device, await NextSerialAsync(cancellation), wanted, now.ToUnixTimeSeconds(), (now + Life).ToUnixTimeSeconds());
        return issued[device] = new(assignment.Serial, authority.Key.Sign(assignment.EncodePayload(), PeerAssignment.Typ), wanted, now + Life);
    }

    /// <summary>Takes over k of a policy that changed; afterwards every assignment may be another.</summary>
    public void Reconsider()
    {
        lock (gate)
            if (rings is not null && width != peers()) Build();
    }

    /// <summary>What the rings of this mesh are keyed with; null before there are any.</summary>
    internal static async Task<byte[]?> StoredSeedAsync(IRecordStore store, CancellationToken cancellation) => (await store.ReadAsync(SeedKind, Current, cancellation))?.Value.ToArray();

    /// <summary>Devices that said where they listen.</summary>
    internal static async Task<IReadOnlySet<DeviceId>> ReachableAsync(IRecordStore store, CancellationToken cancellation)
    {
        var reachable = new HashSet<DeviceId>();
        await foreach (var row in store.ReadAllAsync(AddressKind, cancellation))
            if (DeviceId.TryParse(row.Id, out var device) && Addresses(row) is { Length: > 0 }) reachable.Add(device);
        return reachable;
    }

    public void Dispose() => reserving.Dispose();

    private static bool Same(IReadOnlyList<AssignedPeer> a, IReadOnlyList<AssignedPeer> b)
        => a.Count == b.Count && a.Zip(b).All(pair => pair.First.Addresses.SequenceEqual(pair.Second.Addresses) && pair.First with { Addresses = pair.Second.Addresses } == pair.Second);

    private bool Takes(DeviceEntry entry) => entry.Standing == Standing.Active && announced.TryGetValue(entry.Device, out var known) && known.Addresses.Count > 0;

    private void Build()
    {
        width = peers();
        rings = new(seed, width, members.Values.Select(member => (member.Device, member.Site)));
    }

    private void Tell(IEnumerable<DeviceId> devices)
    {
        foreach (var device in devices) Changed?.Invoke(device);
    }

    private async Task<Announcement> KeepAsync(DeviceId device, IReadOnlyList<string> addresses, long version, CancellationToken cancellation)
    {
        try
        {
            if (addresses.Count > 0)
            {
                await store.WriteAsync(AddressKind, device.Text, version, System.Text.Encoding.ASCII.GetBytes(string.Join('\n', addresses)), cancellation);
                return new([.. addresses], version + 1, default);
            }
            if (version > 0) await store.DeleteAsync(AddressKind, device.Text, version, cancellation);
            return Announcement.None;
        }
        catch (StaleRecordException)
        {
            // The device spoke twice at once: what is stored counts.
            return await store.ReadAsync(AddressKind, device.Text, cancellation) is { } row && Addresses(row) is { } stored ? new(stored, row.Version, default) : Announcement.None;
        }
    }

    private static string[]? Addresses(Record row)
    {
        var addresses = System.Text.Encoding.ASCII.GetString(row.Value.Span).Split('\n');
        return addresses.Length <= Caps.AddressCount && addresses.All(address => PeerAddress.TryParse(address, out _, out _)) ? addresses : null;
    }

    private async Task<byte[]> SeedAsync(CancellationToken cancellation)
    {
        if (await StoredSeedAsync(store, cancellation) is { } known) return known;
        var made = new byte[SeedSize];
        random.GetBytes(made);
        await store.WriteAsync(SeedKind, Current, 0, made, cancellation);
        return made;
    }

    /// <summary>Reserved in blocks: a mesh that starts asks for thousands at once.</summary>
    private async Task<long> NextSerialAsync(CancellationToken cancellation)
    {
        await reserving.WaitAsync(cancellation);
        try
        {
            if (nextSerial == lastSerial)
            {
                nextSerial = await serials.ReserveAsync(Counter, SerialsAtOnce, cancellation);
                lastSerial = nextSerial + SerialsAtOnce;
            }
            return nextSerial++;
        }
        finally
        {
            reserving.Release();
        }
    }

    /// <param name="Version">Of its row; 0 if there is none.</param>
    private sealed record Announcement(IReadOnlyList<string> Addresses, long Version, DateTimeOffset At)
    {
        public static Announcement None { get; } = new([], 0, DateTimeOffset.MinValue);
    }
}
