using TrustMesh.Contracts;

namespace TrustMesh.Trust.Revoking;

/// <summary>The devices of a request, by name, and what became of each.</summary>
internal sealed record StoredTargets(IReadOnlyList<RevocationTarget> Devices);
