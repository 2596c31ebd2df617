namespace TrustMesh.Contracts;

/// <summary>A measured name: hex SHA-256 or "absent", and whether reference values accept it (pass, fail, not-compared).</summary>
public sealed record Measurement(string Name, string Digest, string Outcome);
