namespace TrustMesh.Contracts;

/// <summary>Asks for a one-time sign-in code for a person, who is put on the list if not there.</summary>
/// <param name="Role">viewer, operator, approver, admin; null for somebody on the list, who keeps the rights they have.</param>
/// <param name="Sites">Sites the role is for; null: the whole mesh.</param>
/// <param name="Reason">Why; it stays in the log.</param>
public sealed record OperatorRequest(string Name, string? Role = null, IReadOnlyList<string>? Sites = null, string? Reason = null);
