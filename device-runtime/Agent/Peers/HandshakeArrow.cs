using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Peers;

/// <summary>One arrow of PEERS.md. The role is this end's: TLS client for the initiator, server for the responder.</summary>
public readonly record struct HandshakeArrow(AttesterRole Role, HandshakePhase From, HandshakeCause Cause, HandshakePhase To);
