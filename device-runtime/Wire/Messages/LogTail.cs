namespace TrustMesh.Wire.Messages;

/// <summary>Measurement log entries from the challenger's cursor on. PROTOCOL.md section 5.</summary>
public sealed record LogTail(
    uint Boot,
    int From,
    IReadOnlyList<ReadOnlyMemory<byte>> Entries)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static LogTail Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
