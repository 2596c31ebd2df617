namespace TrustMesh.Agent.Peers;

/// <summary>What a handshake waits for next.</summary>
public enum HandshakeNeed
{
    /// <summary>The other end's next message, of at most <see cref="Handshake.Cap"/> bytes: <see cref="Handshake.Receive"/>.</summary>
    Message,

    /// <summary>Is the other end a member, and what does it lack: <see cref="Handshake.Meet"/>.</summary>
    Acquaintance,

    /// <summary>This end's evidence: <see cref="Handshake.Prove"/>.</summary>
    Evidence,

    /// <summary>This end's verdict: <see cref="Handshake.Judge"/>.</summary>
    Judgement,

    /// <summary>Nothing: it has ended.</summary>
    Nothing,
}
