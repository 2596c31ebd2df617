namespace TrustMesh.Trust.Twins;

/// <summary>What stands behind a verdict, as it was at one moment.</summary>
/// <param name="Proof"><see cref="TwinProof"/> bytes.</param>
/// <param name="Log">The measurement log of the boot the evidence speaks of, from its first entry.</param>
public sealed record StoredProof(ReadOnlyMemory<byte> Proof, IReadOnlyList<ReadOnlyMemory<byte>> Log);
