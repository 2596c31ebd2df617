namespace TrustMesh.Contracts;

/// <summary>
/// Changes since <paramref name="Previous"/>. A client whose last sequence is not <paramref name="Previous"/> has a gap and fetches the
/// snapshot again.
/// </summary>
public sealed record GraphDelta(long Previous, long Sequence, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, IReadOnlyList<string> Removed);
