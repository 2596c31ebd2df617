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

    private readonly Lock gate = new();
    private readonly Dictionary<(DeviceId, string), Known> peers = [];

    /// <summary>What evidence that is asked for now has to continue.</summary>
    /// <param name="began">A timestamp from before the connection was made: a session key that took another's place since then says nothing against that
    /// other one on this connection.</param>
    public AttesterState Of(DeviceId device, ReadOnlyMemory<byte> enrolment, long began)
    {
        lock (gate)
        {
            if (!peers.TryGetValue(Key(device, enrolment), out var known)) return AttesterState.None;
            return known.KeyedAt >= began && known.State.Sessions is { Length: > 0 } sessions ? known.State with { Sessions = sessions.RemoveAt(sessions.Length - 1) } : known.State;
        }
    }

    /// <summary>As <see cref="Of"/>, but nothing if something was learned after that timestamp.</summary>
    public AttesterState Before(DeviceId device, ReadOnlyMemory<byte> enrolment, long asked, long began)
    {
        lock (gate) return peers.TryGetValue(Key(device, enrolment), out var known) && known.At < asked ? Of(device, enrolment, began) : AttesterState.None;
    }

    public void Continue(VerifiedEvidence evidence)
    {
        var (key, after, now) = (Key(evidence.Device, evidence.EnrolmentId), evidence.After, time.GetTimestamp());
        lock (gate)
        {
            if (!peers.TryGetValue(key, out var known))
            {
                if (peers.Count >= MostPeers) peers.Remove(peers.MinBy(one => one.Value.At).Key);
                known = new(AttesterState.None, now, now);
            }
            var isNewKey = !known.State.Sessions.Any(session => session.Span.SequenceEqual(evidence.Claims.SessionKeyThumbprint.Span));
            var state = IsOlder(after, known.State) ? known.State : after;
            peers[key] = new(state with { Sessions = isNewKey ? after.Sessions : known.State.Sessions }, now, isNewKey ? now : known.KeyedAt);
        }
    }

    private static bool IsOlder(AttesterState one, AttesterState than)
        => (one.Boot, one.RestartCount, one.Clock).CompareTo((than.Boot, than.RestartCount, than.Clock)) < 0;

    private static (DeviceId, string) Key(DeviceId device, ReadOnlyMemory<byte> enrolment) => (device, Convert.ToHexStringLower(enrolment.Span));

    /// <summary>Timestamps: when it was last heard of, and when its present session key was first seen.</summary>
    private readonly record struct Known(AttesterState State, long At, long KeyedAt);
}
