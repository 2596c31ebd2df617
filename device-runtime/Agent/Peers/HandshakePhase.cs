namespace TrustMesh.Agent.Peers;

/// <summary>Where one end of a peer handshake stands; <see cref="HandshakeArrows"/> says how it gets on, PEERS.md draws it.</summary>
public enum HandshakePhase
{
    /// <summary>The other end's hello is awaited.</summary>
    HelloAwaited,

    /// <summary>It said who it is; this end looks whether that is a member, and what it lacks.</summary>
    Meeting,

    /// <summary>This end's own evidence is being made.</summary>
    Proving,

    /// <summary>The other end's evidence is awaited.</summary>
    ProofAwaited,

    /// <summary>The other end's evidence is being judged.</summary>
    Judging,

    /// <summary>The initiator's verdict is awaited.</summary>
    CloseAwaited,

    Ended,
}
