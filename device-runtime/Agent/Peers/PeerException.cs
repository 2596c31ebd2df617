namespace TrustMesh.Agent.Peers;

/// <summary>A peer that was not reached, or did not keep to the protocol. The message is for people; what went wrong on a connection is said as a
/// clause, so that it can stand behind the name of the peer.</summary>
public sealed class PeerException(string message, Exception? inner = null) : Exception(message, inner);
