namespace TrustMesh.Contracts;

/// <summary>What the rule in the path becomes.</summary>
/// <param name="Query">At least one term.</param>
/// <param name="Place">From 1; null: where it is, a new one last.</param>
/// <param name="Reason">One line, at most 200 characters; it is in the log.</param>
public sealed record ApprovalRuleUpdate(string Query, bool Verified = true, int? Place = null, string? Reason = null);
