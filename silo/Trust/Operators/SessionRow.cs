namespace TrustMesh.Trust.Operators;

/// <summary>A session as it is stored.</summary>
internal sealed record SessionRow(string Id, long Version, StoredSession Session);
