namespace TrustMesh.Contracts;

/// <summary>Which devices somebody thinks of revoking: exactly one of the two.</summary>
/// <param name="Query">API.md, Queries; one that finds every device is refused.</param>
/// <param name="Devices">Ids or names, as in a path; at most 1,000.</param>
public sealed record RevocationSelection(string? Query = null, IReadOnlyList<string>? Devices = null);
