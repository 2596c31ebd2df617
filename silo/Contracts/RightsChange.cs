namespace TrustMesh.Contracts;

/// <summary>What somebody may do from now on, instead of what they could.</summary>
/// <param name="Grants">1 to 8, with at most 64 sites in all.</param>
/// <param name="Reason">Why; it stays in the log.</param>
public sealed record RightsChange(IReadOnlyList<Grant> Grants, string Reason);
