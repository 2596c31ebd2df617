namespace TrustMesh.Contracts;

/// <summary>One structure in evidence.</summary>
/// <param name="Name">As PROTOCOL.md calls it.</param>
/// <param name="Meaning">What it is there for.</param>
public sealed record EvidencePart(string Name, string Meaning, IReadOnlyList<EvidenceField> Fields);
