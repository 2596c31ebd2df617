using System.Net;
using System.Security.Cryptography;
using System.Text;
using TrustMesh.Agent.Peers;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>Peers as a peer book holds them.</summary>
internal static class SomePeer
{
    public static DeviceId Id(string name) => DeviceId.FromRootKey(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>One that the silo assigned and nobody examined yet.</summary>
    public static KnownPeer Named(string name, string address = "10.0.0.5:7444")
        => new(Id(name), name, "harbour", "sensor", true, [address], null, AssuranceTier.Software, TrustTier.None, null, null, [], 0, 0);

    public static KnownPeer Judged(this KnownPeer peer, TrustTier status, DateTimeOffset at, TimeSpan lifetime, string? seenAt = null, params Finding[] because)
        => peer with
        {
            Status = status, Tier = AssuranceTier.TpmQuote, JudgedAt = at, ExpiresAt = at + lifetime, Because = because, Passed = 37, NonceAgeMs = 12,
            SeenAt = seenAt is null ? peer.SeenAt ?? IPAddress.Parse(peer.Addresses[0].Split(':')[0]) : IPAddress.Parse(seenAt),
        };

    public static KnownPeer Put(this PeerBook book, KnownPeer peer) => book.Update(peer.Device, _ => peer);
}
