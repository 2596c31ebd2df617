using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Peers;

// Inside the namespace: outside of it, the folder Proving would come before the phase of that name.
using static TrustMesh.Agent.Peers.HandshakePhase;

/// <summary>The peer handshake as a table (PROTOCOL.md section 13); PEERS.md draws it, and a test keeps the two alike. What has no arrow is refused (A33).</summary>
public static class HandshakeArrows
{
    private const AttesterRole Initiator = AttesterRole.TlsClient, Responder = AttesterRole.TlsServer;

    public static IReadOnlyList<HandshakeArrow> All { get; } =
    [
        new(Initiator, HelloAwaited, HandshakeCause.Hello, Meeting),
        new(Initiator, Meeting, HandshakeCause.Met, Proving),
        new(Initiator, Proving, HandshakeCause.Proven, ProofAwaited),
        new(Initiator, ProofAwaited, HandshakeCause.Proof, Judging),
        new(Initiator, Judging, HandshakeCause.Accepted, Ended),
        new(Initiator, Judging, HandshakeCause.Declined, Ended),
        .. Refusals(Initiator, HelloAwaited, Meeting, Proving, ProofAwaited, Judging),

        new(Responder, HelloAwaited, HandshakeCause.Hello, Meeting),
        new(Responder, Meeting, HandshakeCause.Met, ProofAwaited),
        new(Responder, ProofAwaited, HandshakeCause.Proof, Judging),
        new(Responder, Judging, HandshakeCause.Accepted, Proving),
        new(Responder, Judging, HandshakeCause.Declined, Ended),
        new(Responder, Proving, HandshakeCause.Proven, CloseAwaited),
        new(Responder, CloseAwaited, HandshakeCause.Close, Ended),
        .. Refusals(Responder, HelloAwaited, Meeting, ProofAwaited, Judging, Proving, CloseAwaited),
    ];

    private static readonly Dictionary<(AttesterRole, HandshakePhase, HandshakeCause), HandshakePhase> To
        = All.ToDictionary(arrow => (arrow.Role, arrow.From, arrow.Cause), arrow => arrow.To);

    /// <summary>Where this leads; null if it can not happen in this phase.</summary>
    public static HandshakePhase? Next(AttesterRole role, HandshakePhase from, HandshakeCause cause)
        => To.TryGetValue((role, from, cause), out var to) ? to : null;

    private static IEnumerable<HandshakeArrow> Refusals(AttesterRole role, params HandshakePhase[] phases)
        => phases.Select(phase => new HandshakeArrow(role, phase, HandshakeCause.Refused, Ended));
}
