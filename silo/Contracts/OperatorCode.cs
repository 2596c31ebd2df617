namespace TrustMesh.Contracts;

/// <summary>The code, shown once.</summary>
public sealed record OperatorCode(string Name, string Role, string Code, DateTimeOffset ExpiresAt);
