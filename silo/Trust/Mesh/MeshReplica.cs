using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Peers;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Mesh;

/// <summary>What one silo knows of its mesh, in memory: everything devices and operators are answered from. Its <see cref="IMeshPlace"/> keeps it up to date.</summary>
/// <param name="Accuse">Looks whether enough peers speak against a device to suspend it.</param>
/// <param name="Wake">There is news for a device that may wait at this silo.</param>
/// <param name="WakeAll">There may be news for every device that waits here.</param>
/// <param name="Nudge">Asks a device that waits here to examine a peer; false if it does not wait here.</param>
/// <param name="Pulse">How this silo is doing now.</param>
public sealed record MeshReplica(
    DeviceDirectory Directory, PeerEdges Edges, PeerLedger Ledger, TrustFeed Feed, PolicyBook Policies, ReferenceBook References, StatusBook Status, Propagation Propagation,
    Func<DeviceId, CancellationToken, Task> Accuse, Action<DeviceId> Wake, Action WakeAll, Func<DeviceId, DeviceId, bool> Nudge, Func<SiloPulse> Pulse);
