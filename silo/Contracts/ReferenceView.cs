namespace TrustMesh.Contracts;

/// <param name="Files">Measured name to accepted hex digests.</param>
public sealed record ReferenceView(string Model, long Version, DateTimeOffset ExpiresAt, IReadOnlyDictionary<string, IReadOnlyList<string>> Files, IReadOnlyDictionary<string, IReadOnlyList<string>> Registers);
