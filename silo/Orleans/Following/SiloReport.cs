using TrustMesh.Trust.Mesh;

namespace TrustMesh.Orleans.Following;

/// <summary>What a silo says of itself with every question for news.</summary>
/// <param name="Address">Of its Orleans endpoint, with its generation: unique for each start.</param>
/// <param name="Identity">UEID of its own key.</param>
/// <param name="Twins">Twins in its memory.</param>
/// <param name="Duties">Shards, logs and the authority, as far as they are here.</param>
/// <param name="At">When it said so, by its own clock.</param>
/// <param name="Skew">How far that clock is ahead of the authority's, negative behind. Said by the authority, which alone can compare; null where it can not yet, or is of a version that does not.</param>
public sealed record SiloReport(
    string Name, string Address, string Identity, SiloPulse Pulse, int Twins, string[] Duties, long StorageErrors, string? LastStorageError, DateTimeOffset At,
    TimeSpan? Skew = null);
