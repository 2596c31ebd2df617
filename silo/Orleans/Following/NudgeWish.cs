using TrustMesh.Wire;

namespace TrustMesh.Orleans.Following;

/// <summary>Asks a device to examine a peer now.</summary>
/// <param name="Number">With which the silo that has the device connected answers.</param>
public sealed record NudgeWish(long Number, DeviceId Device, DeviceId Peer);
