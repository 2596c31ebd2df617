namespace TrustMesh.Wire.Messages;

/// <summary>One measurement. PROTOCOL.md section 6.</summary>
public sealed record LogEntry(
    int Sequence,
    LogEntryKind Kind,
    string Name,
    ReadOnlyMemory<byte> Digest)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static LogEntry Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
