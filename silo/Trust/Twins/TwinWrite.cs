using TrustMesh.Wire;

namespace TrustMesh.Trust.Twins;

/// <summary>One change of one twin; all of it is stored in one transaction or none of it.</summary>
/// <param name="Expected">Version the row must have; 0 means there must be no row.</param>
/// <param name="State"><see cref="TwinStateCodec"/> bytes; the row's version becomes <paramref name="Expected"/> + 1.</param>
/// <param name="Proof"><see cref="TwinProof"/> bytes that replace the stored ones; null leaves them.</param>
/// <param name="Log">Entries to append to the measurement log; null leaves the log.</param>
/// <param name="Unlogged">Lines the mesh's log may not have yet, kept with the row until <see cref="ITwinStore.LoggedAsync"/>; they replace the stored ones. Empty: none.</param>
public sealed record TwinWrite(DeviceId Device, long Expected, ReadOnlyMemory<byte> State, ReadOnlyMemory<byte>? Proof, LogAppend? Log, ReadOnlyMemory<byte> Unlogged = default);
