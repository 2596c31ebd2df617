namespace TrustMesh.Contracts;

/// <summary>A role, and where it holds. Everybody who may sign in may look at the whole mesh; acting is by site.</summary>
/// <param name="Role">viewer, operator, approver, admin; each includes the ones before it.</param>
/// <param name="Sites">Sites whose devices it is for, at least one; null: the whole mesh.</param>
public sealed record Grant(string Role, IReadOnlyList<string>? Sites = null);
