namespace TrustMesh.Contracts;

/// <summary>Body of approve, suspend, resume and revoke, and of disable, enable and remove. A reason is required to suspend and to revoke, and for acts on people and API tokens.</summary>
public sealed record Decision(string? Reason);
