namespace TrustMesh.Trust.Operators;

/// <summary>A session; the row's id is the hash of its token.</summary>
internal sealed record StoredSession(string Name, OperatorRole Role, DateTimeOffset ExpiresAt);
