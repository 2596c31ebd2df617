namespace TrustMesh.Trust.Joining;

/// <summary>Who may join without a person.</summary>
/// <param name="KnownRoots">Hex SHA-256 of root keys (SubjectPublicKeyInfo) an operator listed beforehand.</param>
/// <param name="MostPending">Devices that may wait for an operator at once (attack A42).</param>
public sealed record AdmissionRules(IReadOnlySet<string> KnownRoots, int MostPending);
