using TrustMesh.Wire.Peers;

namespace TrustMesh.Trust.Peers;

/// <summary>What a device was told last about whom to examine.</summary>
/// <param name="Signed">COSE_Sign1 (PROTOCOL.md section 15).</param>
public sealed record SignedAssignment(long Serial, ReadOnlyMemory<byte> Signed, IReadOnlyList<AssignedPeer> Peers, DateTimeOffset ExpiresAt);
