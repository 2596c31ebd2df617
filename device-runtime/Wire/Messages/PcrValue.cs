namespace TrustMesh.Wire.Messages;

/// <summary>One register value (32 bytes) of the quoted bank. It means nothing until the quote over it verifies (attack A06).</summary>
public readonly record struct PcrValue(int Index, ReadOnlyMemory<byte> Value);
