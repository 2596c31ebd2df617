namespace TrustMesh.Contracts;

/// <summary>A query (API.md, Queries) under a name, for everybody of the mesh.</summary>
/// <param name="Name">1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.</param>
/// <param name="By">Who saved it last, and <paramref name="At"/> when.</param>
public sealed record SavedQuery(string Name, string Query, string By, DateTimeOffset At);
