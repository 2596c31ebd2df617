namespace TrustMesh.Trust.Operators;

/// <summary>A role, and where it holds.</summary>
/// <param name="Sites">Sites whose devices it is for; null: the whole mesh.</param>
public sealed record RoleGrant(OperatorRole Role, IReadOnlyList<string>? Sites);
