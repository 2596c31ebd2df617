namespace TrustMesh.Contracts;

/// <summary>That an entry is in a log, for who has nothing else of it (RFC 6962 2.1.1). Byte strings are base64.</summary>
/// <param name="Entry">The entry as it stands in the tree (PROTOCOL.md section 18).</param>
/// <param name="Path">Hashes from its sibling upwards.</param>
/// <param name="Checkpoint">The signed note the proof leads to.</param>
public sealed record LogProofView(long Index, string Entry, IReadOnlyList<string> Path, string Checkpoint);
