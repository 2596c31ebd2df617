namespace TrustMesh.Wire.Messages;

/// <summary>A TPM quote as it travels; nothing in it is verified yet. PROTOCOL.md section 5.</summary>
public sealed record QuoteEvidence(
    ReadOnlyMemory<byte> Attest,
    ReadOnlyMemory<byte> Signature,
    IReadOnlyList<PcrValue> Values)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static QuoteEvidence Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
