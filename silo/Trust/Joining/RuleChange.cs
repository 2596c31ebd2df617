using TrustMesh.Contracts;

namespace TrustMesh.Trust.Joining;

/// <summary>What became of a change of the approval rules.</summary>
/// <param name="Before">The rule as it was; null if there was none.</param>
/// <param name="After">As it is; null if it is removed, or was never there.</param>
/// <param name="Refused">Why nothing was changed.</param>
public sealed record RuleChange(ApprovalRule? Before, ApprovalRule? After, string? Refused = null);
