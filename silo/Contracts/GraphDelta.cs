namespace TrustMesh.Contracts;

/// <summary>
/// Changes since <paramref name="Previous"/>. A client whose last sequence is not <paramref name="Previous"/> has a gap and fetches the
/// snapshot again.
/// </summary>
/// <param name="RemovedEdges"><c>from&gt;to</c> of edges that are no more.</param>
public sealed record GraphDelta(long Previous, long Sequence, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, IReadOnlyList<string> Removed,
    IReadOnlyList<string>? RemovedEdges = null);
