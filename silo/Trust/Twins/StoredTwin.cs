using TrustMesh.Wire;

namespace TrustMesh.Trust.Twins;

/// <summary>A twin's row as it is stored: <see cref="TwinStateCodec"/> bytes that nobody has judged yet.</summary>
/// <param name="Unlogged">Lines the mesh's log may not have yet; empty if it has all.</param>
public sealed record StoredTwin(DeviceId Device, long Version, ReadOnlyMemory<byte> State, ReadOnlyMemory<byte> Unlogged = default);
