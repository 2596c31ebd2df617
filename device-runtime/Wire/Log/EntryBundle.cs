using System.Buffers.Binary;

namespace TrustMesh.Wire.Log;

/// <summary>The entries of a tile (C2SP tlog-tiles): each with its length before it, 16 bits big-endian, at most 256 of them and none empty.</summary>
public static class EntryBundle
{
    private const int Largest = LogTile.Width * (sizeof(ushort) + Caps.MeshLogEntry);

    public static byte[] Encode(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        if (entries.Count > LogTile.Width) throw new ArgumentException($"{entries.Count} entries, at most {LogTile.Width}.", nameof(entries));
        var bytes = new byte[entries.Sum(entry => sizeof(ushort) + entry.Length)];
        var at = 0;
        foreach (var entry in entries)
        {
            if (entry.Length is 0 or > Caps.MeshLogEntry) throw new ArgumentException($"An entry of {entry.Length} bytes, 1 to {Caps.MeshLogEntry} allowed.", nameof(entries));
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)entry.Length);
            entry.CopyTo(bytes.AsMemory(at + sizeof(ushort)));
            at += sizeof(ushort) + entry.Length;
        }
        return bytes;
    }

    /// <summary>The entries, as slices of the input; throws <see cref="WireException"/> for anything that is cut short, empty or too long.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Largest) throw new WireException("entry bundle", 0, $"{bytes.Length} bytes, at most {Largest}");
        var entries = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < bytes.Length;)
        {
            if (entries.Count == LogTile.Width) throw new WireException("entry bundle", at, $"more than {LogTile.Width} entries");
            if (bytes.Length - at < sizeof(ushort)) throw new WireException("entry length", at, "cut short");
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[at..]);
            if (length is 0 or > Caps.MeshLogEntry) throw new WireException("entry length", at, $"{length}, 1 to {Caps.MeshLogEntry} allowed");
            at += sizeof(ushort);
            if (bytes.Length - at < length) throw new WireException("entry", at, $"{length} bytes announced, {bytes.Length - at} left");
            entries.Add(bytes.Slice(at, length));
            at += length;
        }
        return entries;
    }
}
