using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>Evidence of the other end, to be judged. The statements that came with it are looked at first: one of them may decide.</summary>
/// <param name="Leaf">What this end knows it asked.</param>
public sealed record PeerSubmission(PeerHello Hello, ReadOnlyMemory<byte> Evidence, ChallengeLeaf Leaf, GossipStatements Statements);
