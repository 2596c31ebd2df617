using Orleans.Runtime;

namespace TrustMesh.Orleans.Hosting;

/// <summary>A grain lives where <see cref="Homes"/> says: evenly spread, and only what has to move moves when a silo comes or goes.</summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
internal sealed class HomePlacement : PlacementStrategy;
