using TrustMesh.Wire;

namespace TrustMesh.Trust.Feed;

/// <summary>What changed in the graph; what it is now is looked up when a reader asks.</summary>
/// <param name="To">Null: the device itself and what the silo says of it. Else the edge from it to that device, which may be gone.</param>
public readonly record struct GraphChange(DeviceId Device, DeviceId? To = null);
