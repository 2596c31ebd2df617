namespace TrustMesh.Contracts;

/// <summary>A device of a plan, as it is sent back.</summary>
public sealed record PlanTarget(string Id, string Mark);
