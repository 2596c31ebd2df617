namespace TrustMesh.Contracts;

/// <summary>Another rule for second persons.</summary>
/// <param name="MoreThan">0..1000; null: nobody ever needs one.</param>
/// <param name="Hours">1..168.</param>
/// <param name="Reason">Why; it stays in the log.</param>
public sealed record RevocationRuleUpdate(int? MoreThan, int Hours, string Reason);
