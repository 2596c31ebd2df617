namespace TrustMesh.Wire.Messages;

/// <summary>RFC 6962 audit path of one challenger's leaf. PROTOCOL.md section 4.</summary>
public sealed record InclusionProof(
    long Index,
    long Size,
    IReadOnlyList<ReadOnlyMemory<byte>> Path)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static InclusionProof Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
