namespace TrustMesh.Contracts;

/// <summary>What a rule is from now on. Of a built-in rule only <paramref name="Enabled"/> can be changed.</summary>
/// <param name="Query">Needed for a rule that is new; null: as it was.</param>
/// <param name="Severity">critical, warning, info; null: as it was, warning for a new one.</param>
/// <param name="ForSeconds">0..604,800; null: as it was, 0 for a new one.</param>
/// <param name="Enabled">Null: as it was, true for a new one.</param>
public sealed record AlertRuleUpdate(string? Query = null, string? Severity = null, int? ForSeconds = null, bool? Enabled = null);
