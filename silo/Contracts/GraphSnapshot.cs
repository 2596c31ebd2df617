namespace TrustMesh.Contracts;

/// <summary>The whole graph at one sequence number.</summary>
public sealed record GraphSnapshot(long Sequence, DateTimeOffset At, string Mesh, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges);
