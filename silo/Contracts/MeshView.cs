namespace TrustMesh.Contracts;

/// <param name="Authority">Hex SHA-256 of the mesh authority's SubjectPublicKeyInfo: what join tokens pin.</param>
/// <param name="AuthorityKey">Where the key lives: software, tpm, pkcs11.</param>
/// <param name="Counts">Look to number of devices.</param>
/// <param name="Coverage">Who is vouched for by peers, at most some seconds old; null from a silo of before that was counted.</param>
public sealed record MeshView(
    string Name, string Authority, string AuthorityKey, string SiloId, string Version, long PolicyVersion, IReadOnlyDictionary<string, int> Counts,
    long EvidenceAccepted, long EvidenceRefused, DateTimeOffset StartedAt, string? DeviceAddress, MeshCoverage? Coverage = null);
