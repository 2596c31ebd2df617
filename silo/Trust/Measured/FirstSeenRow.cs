using System.Buffers.Binary;

namespace TrustMesh.Trust.Measured;

/// <summary>A row of <see cref="FirstSeen"/>: 24 bytes for each value, big-endian: name, value, milliseconds since 1970; by name, then value.</summary>
internal static class FirstSeenRow
{
    private const int Size = 24;

    public static byte[] Encode(IEnumerable<KeyValuePair<(ulong Name, ulong Value), DateTimeOffset>> values)
    {
        var sorted = values.OrderBy(one => one.Key).ToList();
        var bytes = new byte[sorted.Count * Size];
        for (var i = 0; i < sorted.Count; i++)
        {
            var part = bytes.AsSpan(i * Size, Size);
            BinaryPrimitives.WriteUInt64BigEndian(part, sorted[i].Key.Name);
            BinaryPrimitives.WriteUInt64BigEndian(part[8..], sorted[i].Key.Value);
            BinaryPrimitives.WriteInt64BigEndian(part[16..], sorted[i].Value.ToUnixTimeMilliseconds());
        }
        return bytes;
    }

    /// <summary>Null if it is no such row.</summary>
    public static IReadOnlyDictionary<(ulong Name, ulong Value), DateTimeOffset>? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % Size != 0 || bytes.Length > FirstSeen.MostValues * Size) return null;
        var values = new Dictionary<(ulong, ulong), DateTimeOffset>();
        for (; !bytes.IsEmpty; bytes = bytes[Size..])
        {
            var at = BinaryPrimitives.ReadInt64BigEndian(bytes[16..]);
            if (at < 0 || at > Wire.Caps.LatestTime * 1000) return null;
            values[(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))] = DateTimeOffset.FromUnixTimeMilliseconds(at);
        }
        return values;
    }
}
