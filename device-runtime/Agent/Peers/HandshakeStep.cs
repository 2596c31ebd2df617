using TrustMesh.Agent.Proving;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>What the driver of a handshake has to do now: send, if there is something to send, and then get what is needed.</summary>
/// <param name="Send">A message for the other end; null for none.</param>
public sealed record HandshakeStep(HandshakeNeed Need, ReadOnlyMemory<byte>? Send = null)
{
    /// <summary>With <see cref="HandshakeNeed.Acquaintance"/>: who the other end says it is, and what it brought.</summary>
    public PeerHello? Hello { get; init; }

    /// <summary>With <see cref="HandshakeNeed.Evidence"/>: what the other end asked.</summary>
    public Question? Question { get; init; }

    /// <summary>With <see cref="HandshakeNeed.Judgement"/>: what the other end showed.</summary>
    public PeerSubmission? Submission { get; init; }

    /// <summary>With <see cref="HandshakeNeed.Nothing"/>.</summary>
    public HandshakeEnd? End { get; init; }

    /// <summary>Why it ended, a sentence for the local log; never for the other end.</summary>
    public string Reason { get; init; } = "";
}
