namespace TrustMesh.Contracts;

/// <summary>An edge of the graph, both ways; a side is null where that device has said nothing about the other.</summary>
public sealed record EdgeDetail(EdgeSide? Forward, EdgeSide? Back);
