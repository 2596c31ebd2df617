using System.Collections.Immutable;
using TrustMesh.Verifier;

namespace TrustMesh.Agent.Peers;

/// <summary>What earlier evidence of a peer established, for one enrolment of it; immutable.</summary>
/// <param name="State">Counters, clock and log it has to continue.</param>
/// <param name="SessionKey">Thumbprint (hex) of the newest session key it vouched for; empty before the first.</param>
/// <param name="Superseded">Earlier ones, and when (a timestamp of this process) another took their place.</param>
/// <param name="Doubled">A superseded key came back once: two machines have this identity (A48), and nobody can say which is the right one.</param>
public sealed record PeerMemory(AttesterState State, string SessionKey, ImmutableDictionary<string, long> Superseded, bool Doubled)
{
    public static PeerMemory None { get; } = new(AttesterState.None, "", ImmutableDictionary<string, long>.Empty, false);

    /// <summary>This key was replaced before a connection that began then was made: its owner should have forgotten it.</summary>
    public bool IsBack(string key, long began) => key != SessionKey && Superseded.TryGetValue(key, out var at) && at < began;
}
