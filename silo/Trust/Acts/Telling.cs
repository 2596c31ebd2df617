using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Acts;

/// <summary>
/// What the mesh's log is to say of an act, asked once it is decided and before it is written: both become true together (<see cref="ActStore"/>). It may be asked
/// several times, when others change the same row at the same moment; what it said last counts.
/// </summary>
public delegate IReadOnlyList<TwinEvent> Telling<in T>(T outcome);
