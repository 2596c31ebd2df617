namespace TrustMesh.Contracts;

/// <summary>One line of a list of edges between devices.</summary>
public sealed record PeerEdge(string From, string FromName, string To, string ToName, string Status, string Tier, bool Fresh, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, bool Doubted);
