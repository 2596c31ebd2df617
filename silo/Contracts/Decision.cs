namespace TrustMesh.Contracts;

/// <summary>Body of approve, suspend, resume and revoke. A reason is required to suspend and to revoke.</summary>
public sealed record Decision(string? Reason);
