using System.IO.Compression;
using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>Who is revoked or suspended: a Token Status List (draft-ietf-oauth-status-list) with a serial. PROTOCOL.md section 14.</summary>
/// <param name="Uri">What memberships point to.</param>
/// <param name="Serial">Rises with every list.</param>
/// <param name="Bits">Of one entry: 1, 2, 4 or 8; ours has 2.</param>
/// <param name="Entries">The inflated list: entry i is at bit <c>i · Bits</c>, lowest bits of a byte first. At most 4 MiB.</param>
/// <param name="TtlSeconds">How long somebody may go on with it before looking for a newer one.</param>
public sealed record StatusList(
    string Issuer,
    string Uri,
    long Serial,
    int Bits,
    ReadOnlyMemory<byte> Entries,
    int TtlSeconds,
    long IssuedAt,
    long ExpiresAt)
{
    /// <summary>Value of the protected typ header.</summary>
    public const string Typ = "application/statuslist+cwt";

    private const int ListKey = 65_533, TtlKey = 65_534, SerialKey = -70_040;

    /// <summary>The zlib stream as it came; empty for a list made here, which is packed when it is encoded. There are many streams of one list.</summary>
    public ReadOnlyMemory<byte> Packed { get; init; }

    /// <summary>Entries of the list.</summary>
    public long Count => (long)Entries.Length * 8 / Bits;

    /// <summary>The entry at an index; null beyond the list, which is a refusal and never "valid".</summary>
    public StatusValue? At(long index)
    {
        if (index < 0 || index >= Count) return null;
        var bit = index * Bits;
        var value = Entries.Span[(int)(bit / 8)] >> (int)(bit % 8) & ((1 << Bits) - 1);
        // What has no name here is at least not valid.
        return value > (int)StatusValue.Application ? StatusValue.Application : (StatusValue)value;
    }

    /// <summary>The list with two bits an entry.</summary>
    /// <param name="values">Entries that are not valid, by index.</param>
    /// <param name="count">Entries to have; at least one more than the highest index.</param>
    public static byte[] Pack(IEnumerable<KeyValuePair<long, StatusValue>> values, long count)
    {
        var entries = new byte[Math.Max(1, (count + 3) / 4)];
        foreach (var (index, value) in values) entries[index / 4] |= (byte)((int)value << (int)(index % 4 * 2));
        return entries;
    }

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload()
    {
        var packed = Packed.IsEmpty ? Deflate(Entries) : Packed;
        var writer = new StrictCborWriter(new byte[packed.Length + 512]);
        writer.WriteMap(7);
        writer.WriteKey(1);
        writer.WriteText("iss", Issuer, 1);
        writer.WriteKey(2);
        writer.WriteText("sub", Uri, 1);
        writer.WriteKey(4);
        writer.WriteTime("exp", ExpiresAt);
        writer.WriteKey(6);
        writer.WriteTime("iat", IssuedAt);
        writer.WriteKey(ListKey);
        writer.WriteMap(2);
        writer.WriteKey("lst");
        writer.WriteBytes("lst", packed, 1, Caps.Statement);
        writer.WriteKey("bits");
        writer.WriteInt64("bits", Bits, 1, 8);
        writer.WriteKey(TtlKey);
        writer.WriteInt64("ttl", TtlSeconds, 1);
        writer.WriteKey(SerialKey);
        writer.WriteInt64("serial", Serial);
        return writer.ToArray("status list", Caps.Statement);
    }

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static StatusList DecodePayload(ReadOnlyMemory<byte> payload)
    {
        var reader = new StrictCborReader(payload, "status list", Caps.Statement);
        var map = reader.ReadMap("status list", 7);
        reader.Key(ref map, 1, "iss");
        var issuer = reader.ReadText("iss", 1);
        reader.Key(ref map, 2, "sub");
        var uri = reader.ReadText("sub", 1);
        reader.Key(ref map, 4, "exp");
        var expiresAt = reader.ReadTime("exp");
        reader.Key(ref map, 6, "iat");
        var issuedAt = reader.ReadTime("iat");
        reader.Key(ref map, ListKey, "status_list");
        var list = reader.ReadMap("status_list", 2);
        reader.Key(ref list, "lst", "lst");
        var packedAt = reader.Offset;
        var packed = reader.ReadBytes("lst", 1, Caps.Statement);
        reader.Key(ref list, "bits", "bits");
        var bitsAt = reader.Offset;
        var bits = reader.ReadInt32("bits", 1, 8);
        if (bits is not (1 or 2 or 4 or 8)) throw new WireException("bits", bitsAt, $"{bits}, only 1, 2, 4 and 8 are allowed");
        reader.EndMap(ref list);
        reader.Key(ref map, TtlKey, "ttl");
        var ttl = reader.ReadInt32("ttl", 1);
        reader.Key(ref map, SerialKey, "serial");
        var serial = reader.ReadInt64("serial");
        reader.EndMap(ref map);
        reader.End("status list");
        return new(issuer, uri, serial, bits, Inflate(packed, packedAt), ttl, issuedAt, expiresAt) { Packed = packed };
    }

    /// <summary>Inflates <c>lst</c> of a list; throws <see cref="WireException"/> for what is no zlib stream or a bomb (attack A42).</summary>
    public static byte[] Inflate(ReadOnlyMemory<byte> packed, int offset = 0)
    {
        using var input = new MemoryStream(packed.ToArray());
        using var inflater = new ZLibStream(input, CompressionMode.Decompress);
        using var output = new MemoryStream();
        var block = new byte[16 * 1024];
        try
        {
            for (int read; (read = inflater.Read(block)) > 0;)
            {
                if (output.Length + read > Caps.StatusListInflated) throw new WireException("lst", offset, $"more than {Caps.StatusListInflated} bytes when inflated");
                output.Write(block, 0, read);
            }
        }
        // The platform has two exceptions for it: bad data, and what zlib itself gives up on (a preset dictionary).
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw new WireException("lst", offset, $"not a zlib stream: {broken.Message}");
        }
        return output.Length > 0 ? output.ToArray() : throw new WireException("lst", offset, "an empty list");
    }

    private static ReadOnlyMemory<byte> Deflate(ReadOnlyMemory<byte> entries)
    {
        using var output = new MemoryStream();
        using (var deflater = new ZLibStream(output, CompressionLevel.SmallestSize, leaveOpen: true)) deflater.Write(entries.Span);
        return output.ToArray();
    }
}
