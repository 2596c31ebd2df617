using TrustMesh.Wire;

namespace TrustMesh.Trust.Twins;

/// <summary>A twin's row as it is stored: <see cref="TwinStateCodec"/> bytes that nobody has judged yet.</summary>
public sealed record StoredTwin(DeviceId Device, long Version, ReadOnlyMemory<byte> State);
