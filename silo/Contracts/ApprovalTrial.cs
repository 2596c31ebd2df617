namespace TrustMesh.Contracts;

/// <summary>What rules would have done about one device.</summary>
/// <param name="Would">yes, no, or unknown: nothing is kept of how its hardware was endorsed.</param>
/// <param name="Rule">Which one; null if none fits, and where a rule that is not set was tried.</param>
/// <param name="Why">A sentence; null where there is nothing to add.</param>
public sealed record ApprovalTrial(string Id, string Name, string Site, string Model, string Tier, string Standing, DateTimeOffset JoinedAt, string Would, string? Rule, string? Why);
