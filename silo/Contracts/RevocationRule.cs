namespace TrustMesh.Contracts;

/// <summary>When a revocation needs a second person.</summary>
/// <param name="MoreThan">So many devices one person may revoke alone within <paramref name="Hours"/> hours, in one act or in many; null: any number.</param>
/// <param name="Hours">1..168.</param>
/// <param name="Left">How many whoever asks may still revoke alone; null without a rule.</param>
public sealed record RevocationRule(int? MoreThan, int Hours, int? Left = null);
