namespace TrustMesh.Agent.Peers;

/// <summary>A peer that was not reached, or did not keep to the protocol. The message is a sentence for people.</summary>
public sealed class PeerException(string message, Exception? inner = null) : Exception(message, inner);
