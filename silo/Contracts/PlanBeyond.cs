namespace TrustMesh.Contracts;

/// <summary>A device that was meant and that is not the caller's to revoke.</summary>
/// <param name="Missing">The right, such as <c>operator for site oslo</c>.</param>
public sealed record PlanBeyond(string Id, string Name, string Site, string Missing);
