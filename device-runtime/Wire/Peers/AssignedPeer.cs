namespace TrustMesh.Wire.Peers;

/// <summary>A device that another one is to examine, and where it listens. PROTOCOL.md section 15.</summary>
/// <param name="Addresses"><c>host:port</c>, at most 4; none if the silo does not know where it listens.</param>
public sealed record AssignedPeer(DeviceId Device, string Name, string Site, string Model, IReadOnlyList<string> Addresses);
