using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Agent.Outbox;

/// <summary>
/// One file of the outbox: verdicts in the order of their sequence, and the vouchers of the keys that signed them, so that it can be read without
/// another file.
/// <code>
/// header = "tm-ob/1\0" ‖ first u64 ‖ from u64 ‖ dropped u64 ‖ check        record = size u32 ‖ kind u8 ‖ body ‖ check        size: of kind and body
/// kind 1 voucher: body = session SPKI (91) ‖ evidence                      kind 2 verdict: body = number of its voucher in this file u16 ‖ COSE_Sign1
/// kind 3 mark: body = from u64 ‖ dropped u64                               check = the first four bytes of SHA-256 over what stands before it
/// </code>
/// <c>first</c> is the sequence of the first verdict here, the others follow without gap. <c>from</c> is the first verdict that still waits for the
/// silo, <c>dropped</c> how many were lost ever; the last mark counts. A kill or a power cut leaves whole records and perhaps a torn last one, which
/// the next write cuts off: it was never returned to anybody. The check finds torn writes, not forgery: verdicts are signed.
/// </summary>
internal sealed class OutboxSegment
{
    public const string Prefix = "outbox-";
    public const int HeaderSize = 36, VoucherKind = 1, VerdictKind = 2, MarkKind = 3;

    private const int CheckSize = 4, Frame = 4 + 1 + CheckSize, LargestSize = Caps.PeerVerdict + 256;

    private OutboxSegment(string name, long first) => (Name, First, Next, From, Length) = (name, first, first, first, HeaderSize);

    public string Name { get; }

    public long First { get; }

    /// <summary>Sequence of the first verdict that is not here.</summary>
    public long Next { get; private set; }

    public long From { get; private set; }

    public long Dropped { get; private set; }

    /// <summary>Bytes of the header and all whole records.</summary>
    public long Length { get; private set; }

    /// <summary>SubjectPublicKeyInfos of the session keys whose vouchers are here, in order.</summary>
    public List<byte[]> Vouchers { get; } = [];

    /// <summary>A file of header alone.</summary>
    public static (OutboxSegment Segment, byte[] Bytes) New(long first, long from, long dropped)
    {
        var header = new byte[HeaderSize];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(8), first);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(16), from);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(24), dropped);
        Check(header.AsSpan(0, 32)).CopyTo(header.AsSpan(32));
        return (new(NameOf(first), first) { From = from, Dropped = dropped }, header);
    }

    /// <summary>The file as it was left; null if its header can not be read.</summary>
    public static OutboxSegment? Read(string name, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < HeaderSize || !bytes.Span.StartsWith(Magic) || !Check(bytes.Span[..32]).SequenceEqual(bytes.Span.Slice(32, CheckSize))) return null;
        var segment = new OutboxSegment(name, BinaryPrimitives.ReadInt64BigEndian(bytes.Span[8..]))
        {
            From = BinaryPrimitives.ReadInt64BigEndian(bytes.Span[16..]), Dropped = BinaryPrimitives.ReadInt64BigEndian(bytes.Span[24..]),
        };
        foreach (var (kind, body) in Records(bytes)) segment.Count(kind, body);
        return segment;
    }

    /// <summary>The whole records behind the header, in order.</summary>
    public static IEnumerable<(int Kind, ReadOnlyMemory<byte> Body)> Records(ReadOnlyMemory<byte> bytes)
    {
        for (var at = HeaderSize; bytes.Length - at >= Frame;)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[at..]);
            if (size is < 1 or > LargestSize || bytes.Length - at < 4 + size + CheckSize) yield break;
            var end = at + 4 + (int)size;
            if (!Check(bytes.Span[at..end]).SequenceEqual(bytes.Span.Slice(end, CheckSize))) yield break;
            yield return (bytes.Span[at + 4], bytes[(at + 5)..end]);
            at = end + CheckSize;
        }
    }

    /// <summary>Takes note of records that were written behind the last one.</summary>
    public void Wrote(ReadOnlySpan<byte> records)
    {
        byte[] framed = [.. new byte[HeaderSize], .. records];
        foreach (var (kind, body) in Records(framed)) Count(kind, body);
    }

    public static byte[] VoucherRecord(ReadOnlySpan<byte> sessionKey, ReadOnlySpan<byte> evidence) => Record(VoucherKind, sessionKey, evidence);

    /// <param name="voucher">Its number in the file, from 0.</param>
    public static byte[] VerdictRecord(int voucher, ReadOnlySpan<byte> signed) => Record(VerdictKind, [(byte)(voucher >> 8), (byte)voucher], signed);

    public static byte[] MarkRecord(long from, long dropped)
    {
        var body = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(body, from);
        BinaryPrimitives.WriteInt64BigEndian(body.AsSpan(8), dropped);
        return Record(MarkKind, body, []);
    }

    /// <summary>Names sort as their sequences do.</summary>
    public static string NameOf(long first) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{first:x16}");

    /// <summary>The first sequence a name says; null for a name that is none of ours.</summary>
    public static long? FirstOf(string name)
        => long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var first) && first > 0 && NameOf(first) == name ? first : null;

    private static ReadOnlySpan<byte> Magic => "tm-ob/1\0"u8;

    private void Count(int kind, ReadOnlyMemory<byte> body)
    {
        Length += body.Length + Frame;
        if (kind == VerdictKind) Next++;
        if (kind == VoucherKind && body.Length > KeyThumbprint.SpkiSize) Vouchers.Add(body[..KeyThumbprint.SpkiSize].ToArray());
        if (kind != MarkKind || body.Length != 16) return;
        (From, Dropped) = (BinaryPrimitives.ReadInt64BigEndian(body.Span), BinaryPrimitives.ReadInt64BigEndian(body.Span[8..]));
    }

    private static byte[] Record(int kind, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        var record = new byte[Frame + head.Length + tail.Length];
        BinaryPrimitives.WriteInt32BigEndian(record, 1 + head.Length + tail.Length);
        record[4] = (byte)kind;
        head.CopyTo(record.AsSpan(5));
        tail.CopyTo(record.AsSpan(5 + head.Length));
        Check(record.AsSpan(0, record.Length - CheckSize)).CopyTo(record.AsSpan(record.Length - CheckSize));
        return record;
    }

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes).AsSpan(0, CheckSize);
}
