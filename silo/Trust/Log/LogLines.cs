using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Log;

namespace TrustMesh.Trust.Log;

/// <summary>Lines of the mesh's log: what they are made of, as entries of the tree, and as what a twin's row still owes.</summary>
public static class LogLines
{
    /// <summary>Lines one step of a twin can have; what peers say at once is far less.</summary>
    private const int MostOwed = 4096;

    /// <summary>What a step of a twin tells.</summary>
    /// <param name="after">With the version of the row that holds it.</param>
    public static IReadOnlyList<LogLine> Of(TwinState after, IReadOnlyList<TwinEvent> events)
        => [.. events.Select(one => new LogLine(one.At, one.Kind, after.Enrolment.Device, after.Enrolment.Name, one.Text, one.Actor, after.Version))];

    /// <summary>What concerns the mesh as a whole.</summary>
    /// <param name="since">See <see cref="LogLine.Since"/>.</param>
    public static LogLine OfMesh(TwinEvent one, long? since = null) => new(one.At, one.Kind, null, "", Grammar.Fit(one.Text), Grammar.Fit(one.Actor), 0, since);

    /// <summary>The line as it stands in the tree.</summary>
    public static byte[] Encode(LogLine line)
        => new MeshLogEntry(line.At.ToUnixTimeMilliseconds(), (int)line.Kind, line.Device, line.Name, line.Text, line.Actor, line.Version).Encode();

    /// <summary>Several lines as one value, to keep with a row until the log has them.</summary>
    public static byte[] Pack(IReadOnlyList<LogLine> lines)
    {
        var writer = new StrictCborWriter(new byte[512]);
        writer.WriteArray("lines", lines.Count, 1, MostOwed);
        foreach (var line in lines) writer.WriteBytes("line", Encode(line), 1, Caps.MeshLogEntry);
        return writer.ToArray("lines", MostOwed * Caps.MeshLogEntry);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote; nothing of nothing. Throws <see cref="WireException"/> (attack A43).</summary>
    public static IReadOnlyList<LogLine> Unpack(ReadOnlyMemory<byte> packed)
    {
        if (packed.IsEmpty) return [];
        var reader = new StrictCborReader(packed, "lines", MostOwed * Caps.MeshLogEntry);
        var lines = new LogLine[reader.ReadArray("lines", 1, MostOwed)];
        for (var i = 0; i < lines.Length; i++)
        {
            var entry = MeshLogEntry.Decode(reader.ReadBytes("line", 1, Caps.MeshLogEntry));
            lines[i] = new(DateTimeOffset.FromUnixTimeMilliseconds(entry.At), (EventKind)entry.Kind, entry.Device, entry.Name, entry.Text, entry.Actor, entry.Version);
        }
        reader.End("lines");
        return lines;
    }
}
