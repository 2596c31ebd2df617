using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;

namespace TrustMesh.Orleans.Storage;

/// <summary>Entries of a measurement log in a row: <c>["tm-twin-log/1", [entry, ...]]</c> as deterministic CBOR.</summary>
internal static class EntryRow
{
    public static byte[] Encode(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var writer = new StrictCborWriter(new byte[32 + entries.Sum(entry => entry.Length + 4)]);
        writer.WriteArray(2);
        writer.WriteText("version", "tm-twin-log/1");
        writer.WriteArray("entries", entries.Count, 1, Caps.LogEntryCount);
        foreach (var entry in entries) writer.WriteBytes("entry", entry, 0, Caps.LogEntry);
        return writer.ToArray("log row", Rows.Largest);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/>.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "log row", Rows.Largest);
        reader.ReadArray("log row", 2);
        reader.ReadFixed("version", "tm-twin-log/1");
        var entries = new ReadOnlyMemory<byte>[reader.ReadArray("entries", 1, Caps.LogEntryCount)];
        for (var i = 0; i < entries.Length; i++) entries[i] = reader.ReadBytes("entry", 0, Caps.LogEntry);
        reader.End("log row");
        return entries;
    }
}
