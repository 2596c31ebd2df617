namespace TrustMesh.Trust.Joining;

/// <summary>Devices that joined with one key or token; the row's id is its hash.</summary>
internal sealed record StoredSighting(IReadOnlyList<string> Devices);
