namespace TrustMesh.Contracts;

/// <param name="Kind">silo or device.</param>
public sealed record GraphNode(
    string Id, string Name, string Kind, string Site, string Model, string Tier, string Standing, string Status, bool Fresh, string Look,
    DateTimeOffset? ProvenAt, DateTimeOffset? ExpiresAt);
