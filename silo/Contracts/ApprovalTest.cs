namespace TrustMesh.Contracts;

/// <summary>Which devices rules would let in; nothing is done.</summary>
/// <param name="Query">Of a rule that is not set yet; null: all rules as they are.</param>
/// <param name="Verified">With a query: as in the rule.</param>
/// <param name="SinceSeconds">Devices that joined in this time are tried too; 0 to 31,536,000.</param>
public sealed record ApprovalTest(string? Query = null, bool Verified = true, int SinceSeconds = 604_800);
