using TrustMesh.Contracts;

namespace TrustMesh.Trust.Joining;

/// <summary>All approval rules, in their order: one row, so that their order is one thing.</summary>
/// <param name="Last">Version given to a rule last; it never comes back, whatever is removed.</param>
internal sealed record StoredRules(long Last, IReadOnlyList<ApprovalRule> Rules);
