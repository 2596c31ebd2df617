namespace TrustMesh.Contracts;

/// <param name="Name">As the standard that defines it calls it.</param>
/// <param name="Value">Bytes as hex.</param>
public sealed record EvidenceField(string Name, string Value);
