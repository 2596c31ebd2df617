using System.Collections.Concurrent;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Peers;

/// <summary>Every peer this device knows, and what it holds true about each. In memory: trust does not outlive the process that established it.
/// Thread-safe.</summary>
public sealed class PeerBook
{
    /// <summary>Peers that are remembered; beyond it those that are not assigned and not accepted are forgotten, the oldest first (attack A42).</summary>
    public const int MostPeers = 1024;

    private readonly ConcurrentDictionary<DeviceId, KnownPeer> peers = new();

    /// <summary>A peer as it is now; raised after every change, on the thread that made it. Handlers must be quick.</summary>
    public event Action<KnownPeer>? Changed;

    public IReadOnlyList<KnownPeer> All => [.. peers.Values.OrderBy(peer => peer.Name, StringComparer.Ordinal)];

    public KnownPeer? Find(DeviceId device) => peers.GetValueOrDefault(device);

    /// <summary>By id, its short form, name, address with or without port; null if nothing or more than one matches.</summary>
    public KnownPeer? Find(string text)
    {
        if (DeviceId.TryParse(text, out var id)) return Find(id);
        var found = peers.Values.Where(peer => peer.Name == text || peer.Device.Short == text || peer.SeenAt?.ToString() == text
            || peer.Addresses.Any(address => address == text || address.StartsWith(text + ":", StringComparison.Ordinal))).Take(2).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>Replaces what is known of a peer; <paramref name="change"/> gets what was known, or null, and may run more than once.</summary>
    public KnownPeer Update(DeviceId device, Func<KnownPeer?, KnownPeer> change)
    {
        var after = peers.AddOrUpdate(device, _ => change(null), (_, before) => change(before));
        if (peers.Count > MostPeers) Forget();
        Changed?.Invoke(after);
        return after;
    }

    private void Forget()
    {
        foreach (var peer in peers.Values.Where(peer => !peer.Assigned).OrderBy(peer => peer.ExpiresAt ?? DateTimeOffset.MinValue).Take(peers.Count - MostPeers).ToList())
            peers.TryRemove(new(peer.Device, peer));
    }
}
