namespace TrustMesh.Contracts;

/// <summary>How many active devices are vouched for by enough of their peers, whatever the silo itself holds of them.</summary>
/// <param name="Active">Devices that should be proving themselves.</param>
/// <param name="Covered">Those of them that passed at least <paramref name="Examiners"/> examinations by different others whose word counts now: active, not contraindicated, not doubted, the verdict in force.</param>
/// <param name="Examiners">The policy's quorum, or two without one; less in a mesh too small for so many, and 0 where nobody else could examine.</param>
/// <param name="Quorum">Of the policy; 0: peers suspend nobody.</param>
public sealed record MeshCoverage(int Active, int Covered, int Examiners, int Quorum);
