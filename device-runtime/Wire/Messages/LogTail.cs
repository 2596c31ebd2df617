using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>Measurement log entries from the challenger's cursor on. PROTOCOL.md section 5.</summary>
public sealed record LogTail(
    uint Boot,
    int From,
    IReadOnlyList<ReadOnlyMemory<byte>> Entries)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[512]);
        writer.WriteArray(3);
        writer.WriteUInt("boot", Boot);
        writer.WriteInt64("from", From);
        WriteEntries(ref writer, Entries);
        return writer.ToArray("log", Caps.Evidence);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static LogTail Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "log", Caps.Evidence);
        return Read(ref reader);
    }

    internal static LogTail Read(ref StrictCborReader reader)
    {
        reader.ReadArray("log", 3);
        var boot = (uint)reader.ReadUInt("boot", uint.MaxValue);
        var from = reader.ReadInt32("from");
        var entries = ReadEntries(ref reader);
        reader.End("log");
        return new(boot, from, entries);
    }

    internal static IReadOnlyList<ReadOnlyMemory<byte>> ReadEntries(ref StrictCborReader reader)
    {
        var count = reader.ReadArray("entries", 0, Caps.LogEntryCount);
        if (count == 0) return [];
        var entries = new ReadOnlyMemory<byte>[count];
        for (var i = 0; i < entries.Length; i++) entries[i] = reader.ReadBytes("entry", 1, Caps.LogEntry);
        return entries;
    }

    internal static void WriteEntries(ref StrictCborWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        writer.WriteArray("entries", entries.Count, 0, Caps.LogEntryCount);
        foreach (var entry in entries) writer.WriteBytes("entry", entry, 1, Caps.LogEntry);
    }
}
