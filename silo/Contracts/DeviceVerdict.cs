namespace TrustMesh.Contracts;

/// <summary>The last verdict.</summary>
/// <param name="Vector">AR4SI category name to claim value.</param>
public sealed record DeviceVerdict(
    string Status, string Tier, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string Policy, long PolicyVersion, long ReferenceVersion,
    IReadOnlyDictionary<string, int> Vector, IReadOnlyList<Because> Because);
