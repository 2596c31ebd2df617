namespace TrustMesh.Contracts;

/// <summary>Verifier to attester: <paramref name="From"/> judged <paramref name="To"/>.</summary>
public sealed record GraphEdge(string From, string To, string Status, bool Fresh, DateTimeOffset? ProvenAt, DateTimeOffset? ExpiresAt);
