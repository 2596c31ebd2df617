using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>One measurement. PROTOCOL.md section 6.</summary>
public sealed record LogEntry(
    int Sequence,
    LogEntryKind Kind,
    string Name,
    ReadOnlyMemory<byte> Digest)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[Caps.LogEntry]);
        writer.WriteArray(4);
        writer.WriteInt64("seq", Sequence);
        writer.WriteEnum("kind", Kind);
        writer.WriteText("name", Name, 1);
        writer.WriteBytes("digest", Digest, Kind == LogEntryKind.Absent ? 0 : Caps.Hash);
        return writer.ToArray("log entry", Caps.LogEntry);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static LogEntry Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "log entry", Caps.LogEntry);
        reader.ReadArray("log entry", 4);
        var sequence = reader.ReadInt32("seq");
        var kind = reader.ReadEnum<LogEntryKind>("kind");
        var name = reader.ReadText("name", 1);
        var digest = reader.ReadBytes("digest", kind == LogEntryKind.Absent ? 0 : Caps.Hash);
        reader.End("log entry");
        return new(sequence, kind, name, digest);
    }
}
