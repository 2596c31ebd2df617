namespace TrustMesh.Contracts;

/// <summary>What shall be quiet, and for how long.</summary>
/// <param name="Query">Devices whose matches tell nobody; null or empty: all, then a rule is needed.</param>
/// <param name="Rule">Only alerts of this rule; null: of every rule.</param>
/// <param name="Seconds">60..2,592,000 (30 days) from now.</param>
/// <param name="Reason">One line of at most 200 characters.</param>
public sealed record SilenceRequest(string? Query, string? Rule, int Seconds, string Reason);
