namespace TrustMesh.Contracts;

/// <summary>RFC 9457 problem. <paramref name="Code"/> is stable and for machines; <paramref name="Detail"/> names the fix.</summary>
public sealed record Problem(string Type, string Title, int Status, string Code, string? Detail, string? TraceId);
