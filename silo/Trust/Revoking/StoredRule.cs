namespace TrustMesh.Trust.Revoking;

/// <summary>The rule as it is kept.</summary>
internal sealed record StoredRule(int? MoreThan, int Hours);
