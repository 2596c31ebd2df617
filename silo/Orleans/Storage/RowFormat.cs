using System.Buffers.Binary;
using System.Security.Cryptography;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Storage;

/// <summary>
/// The bytes of a row: <c>"tmr" 01 ‖ kind (1) ‖ version (8, big endian) ‖ mark (8) ‖ payload</c>. The kind is 0 for a row and 1 for the grave of one:
/// no provider tells two who delete the same row apart, a write with compare-and-swap does. The mark is random for each write; whoever is
/// refused looks whether what is there is his own write, whose answer was lost.
/// </summary>
internal static class RowFormat
{
    public const int HeaderSize = 21;

    private const byte Live = 0, Grave = 1;

    private static ReadOnlySpan<byte> Tag => "tmr\u0001"u8;

    public static byte[] Encode(long version, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[HeaderSize + payload.Length];
        WriteHeader(bytes, Live, version);
        payload.CopyTo(bytes.AsSpan(HeaderSize));
        return bytes;
    }

    public static byte[] EncodeGrave()
    {
        var bytes = new byte[HeaderSize];
        WriteHeader(bytes, Grave, 0);
        return bytes;
    }

    /// <summary>Mark of what <see cref="Encode"/> or <see cref="EncodeGrave"/> made.</summary>
    public static ulong MarkOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes[13..]);

    /// <summary>The row, or null for a grave. Throws <see cref="WireException"/>.</summary>
    public static Row? Decode(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < HeaderSize) throw new WireException("row", 0, $"{span.Length} bytes, at least {HeaderSize}");
        if (span.Length > HeaderSize + Rows.Largest) throw new WireException("row", 0, $"more than {HeaderSize + Rows.Largest} bytes");
        if (!span.StartsWith(Tag)) throw new WireException("row tag", 0, "not a row of ours");
        var version = BinaryPrimitives.ReadInt64BigEndian(span[5..]);
        switch (span[4])
        {
            case Live when version >= 1:
                return new(version, bytes[HeaderSize..]);
            case Grave when version == 0 && span.Length == HeaderSize:
                return null;
            default:
                throw new WireException("row kind", 4, $"kind {span[4]} with version {version} and {span.Length} bytes");
        }
    }

    private static void WriteHeader(Span<byte> bytes, byte kind, long version)
    {
        Tag.CopyTo(bytes);
        bytes[4] = kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes[5..], version);
        RandomNumberGenerator.Fill(bytes[13..HeaderSize]);
    }
}
