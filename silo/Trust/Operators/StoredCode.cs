namespace TrustMesh.Trust.Operators;

/// <summary>A one-time sign-in code; the row's id is its hash.</summary>
internal sealed record StoredCode(string Name, OperatorRole Role, DateTimeOffset ExpiresAt);
