namespace TrustMesh.Trust.Twins;

/// <summary>The twin after evidence, and the attestation result it issued for it.</summary>
public sealed record EvidenceAnswer(TwinState State, ReadOnlyMemory<byte> Result);
