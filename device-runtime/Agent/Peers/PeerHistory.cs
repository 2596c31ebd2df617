using System.Collections.Immutable;
using TrustMesh.Verifier;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// What earlier evidence of each peer established, by device and enrolment (A12, A20, A48). Handshakes with one peer may overlap, and what they show
/// was signed in another order than it arrives: each is judged by what was known when its nonce was sent, and only moves the memory forward. Thread-safe.
/// </summary>
public sealed class PeerHistory(TimeProvider time)
{
    /// <summary>Peers that are remembered; beyond it the one that was quiet longest is forgotten, and brings its whole log next time.</summary>
    public const int MostPeers = 1024;

    /// <summary>Session keys of a peer that are remembered: days, for keys live a day.</summary>
    private const int MostKeys = 16;

    private readonly Lock gate = new();
    private readonly Dictionary<(DeviceId, string), (PeerMemory Memory, long At)> peers = [];

    public PeerMemory Of(DeviceId device, ReadOnlyMemory<byte> enrolment)
    {
        lock (gate) return peers.TryGetValue(Key(device, enrolment), out var known) ? known.Memory : PeerMemory.None;
    }

    /// <summary>As <see cref="Of"/>, but nothing if it was learned after that timestamp.</summary>
    public PeerMemory Before(DeviceId device, ReadOnlyMemory<byte> enrolment, long timestamp)
    {
        lock (gate) return peers.TryGetValue(Key(device, enrolment), out var known) && known.At < timestamp ? known.Memory : PeerMemory.None;
    }

    /// <summary>Remembers verified evidence and the session key (thumbprint, hex) it vouched for.</summary>
    public void Continue(VerifiedEvidence evidence, string sessionKey, bool doubled)
    {
        var key = Key(evidence.Device, evidence.EnrolmentId);
        // Handshakes overlap, so here a key is back by when it was replaced and not by the order of arrival, which is all the verifier would see.
        var after = evidence.After with { Sessions = [] };
        lock (gate)
        {
            var known = peers.TryGetValue(key, out var found) ? found.Memory : PeerMemory.None;
            var now = time.GetTimestamp();
            if (!peers.ContainsKey(key) && peers.Count >= MostPeers) peers.Remove(peers.MinBy(one => one.Value.At).Key);
            peers[key] = (new(IsOlder(after, known.State) ? known.State : after, sessionKey, Superseded(known, sessionKey, now), known.Doubled || doubled), now);
        }
    }

    private static ImmutableDictionary<string, long> Superseded(PeerMemory known, string sessionKey, long now)
    {
        if (known.SessionKey.Length == 0 || known.SessionKey == sessionKey) return known.Superseded;
        var superseded = known.Superseded.SetItem(known.SessionKey, now);
        return superseded.Count > MostKeys ? superseded.Remove(superseded.MinBy(one => one.Value).Key) : superseded;
    }

    private static bool IsOlder(AttesterState one, AttesterState than)
        => (one.Boot, one.RestartCount, one.Clock).CompareTo((than.Boot, than.RestartCount, than.Clock)) < 0;

    private static (DeviceId, string) Key(DeviceId device, ReadOnlyMemory<byte> enrolment) => (device, Convert.ToHexStringLower(enrolment.Span));
}
