namespace TrustMesh.Trust.Revoking;

/// <summary>What one person revoked alone lately.</summary>
internal sealed record StoredAlone(IReadOnlyList<StoredTaking> Takings);
