namespace TrustMesh.Wire.Messages;

/// <summary>Entries and 32-byte head of a measurement log kept by a root without PCRs. PROTOCOL.md section 5.</summary>
public sealed record LogHead(int Count, ReadOnlyMemory<byte> Head);
