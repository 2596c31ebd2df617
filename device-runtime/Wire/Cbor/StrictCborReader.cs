using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace TrustMesh.Wire.Cbor;

/// <summary>
/// Reads deterministic CBOR (RFC 8949 4.2.1) and nothing else: shortest heads, definite lengths, ascending keys, no floating point, no
/// tag that was not asked for. Every read names its field and its bounds; the order is cap, bytes left, allocate (attack A26). Byte
/// strings are slices of the input. Throws only <see cref="WireException"/>.
/// </summary>
public ref partial struct StrictCborReader
{
    private readonly ReadOnlyMemory<byte> memory;
    private readonly ReadOnlySpan<byte> bytes;
    private readonly int origin;
    private int at;

    /// <param name="structure">Name of the whole, for the error about its size.</param>
    /// <param name="cap">Most bytes the whole may have.</param>
    public StrictCborReader(ReadOnlyMemory<byte> bytes, string structure, int cap)
        : this(bytes, 0)
    {
        if (bytes.Length > cap) throw new WireException(structure, 0, $"{bytes.Length} bytes, at most {cap}");
    }

    private StrictCborReader(ReadOnlyMemory<byte> bytes, int origin)
    {
        memory = bytes;
        this.bytes = bytes.Span;
        this.origin = origin;
    }

    /// <summary>Bytes from the start of the outermost structure.</summary>
    public readonly int Offset => origin + at;

    /// <summary>The bytes not yet read.</summary>
    public readonly ReadOnlyMemory<byte> Rest => memory[at..];

    /// <summary>Refuses bytes after the item (attack A18).</summary>
    public readonly void End(string structure)
    {
        if (at != bytes.Length) throw Bad(structure, at, $"{bytes.Length - at} bytes after the end");
    }

    /// <summary>An unsigned integer up to <paramref name="max"/>.</summary>
    public ulong ReadUInt(string field, ulong max = ulong.MaxValue)
    {
        var start = at;
        var value = ReadHead(CborMajor.Unsigned, field);
        return value <= max ? value : throw Bad(field, start, $"{value}, at most {max}");
    }

    /// <summary>An unsigned integer from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public int ReadInt32(string field, int min = 0, int max = int.MaxValue)
    {
        var start = at;
        var value = ReadUInt(field, (ulong)max);
        return value >= (ulong)min ? (int)value : throw Bad(field, start, $"{value}, at least {min}");
    }

    /// <summary>An unsigned integer up to 2^63 - 1: serials and counters.</summary>
    public long ReadInt64(string field) => (long)ReadUInt(field, long.MaxValue);

    /// <summary>Whole seconds since 1970, up to the end of the year 9999.</summary>
    public long ReadTime(string field) => (long)ReadUInt(field, Caps.LatestTime);

    /// <summary>A signed integer within bounds.</summary>
    public int ReadSigned(string field, int min, int max)
    {
        var start = at;
        var major = PeekMajor(field);
        if (major is not (CborMajor.Unsigned or CborMajor.Negative)) throw Bad(field, start, $"{Describe(major)}, expected an integer");
        var value = ReadHead(major, field);
        if (value > int.MaxValue) throw Bad(field, start, $"out of range, {min} to {max} allowed");
        var signed = major == CborMajor.Unsigned ? (int)value : -1 - (int)value;
        return signed >= min && signed <= max ? signed : throw Bad(field, start, $"{signed}, {min} to {max} allowed");
    }

    /// <summary>An unsigned integer that is a named value of the enumeration (all of ours are 32 bits wide).</summary>
    public T ReadEnum<T>(string field) where T : struct, Enum
    {
        var start = at;
        var value = Unsafe.BitCast<int, T>((int)ReadUInt(field, int.MaxValue));
        return Enum.IsDefined(value) ? value : throw Bad(field, start, $"{value:d} is not a known value");
    }

    public bool ReadBool(string field)
    {
        var start = at;
        return ReadHead(CborMajor.Simple, field) switch
        {
            20 => false,
            21 => true,
            _ => throw Bad(field, start, "null, expected a boolean"),
        };
    }

    /// <summary>True, and consumed, if null comes next.</summary>
    public bool TryReadNull()
    {
        if (at == bytes.Length || bytes[at] != 0xf6) return false;
        at++;
        return true;
    }

    /// <summary>A byte string, as a slice of the input.</summary>
    public ReadOnlyMemory<byte> ReadBytes(string field, int min, int max)
    {
        var length = ReadLength(CborMajor.Bytes, field, min, max);
        var slice = memory.Slice(at, length);
        at += length;
        return slice;
    }

    /// <summary>A byte string of one length.</summary>
    public ReadOnlyMemory<byte> ReadBytes(string field, int length) => ReadBytes(field, length, length);

    /// <summary>A reader over the content of a byte string; its errors count offsets from the outermost structure.</summary>
    public StrictCborReader ReadNested(string field, int max)
    {
        var content = ReadBytes(field, 1, max);
        return new(content, origin + at - content.Length);
    }

    /// <summary>UTF-8 without control characters; bounds count bytes.</summary>
    public string ReadText(string field, int min = 0, int max = Caps.Text)
    {
        var start = at;
        var utf8 = ReadUtf8(field, min, max);
        var text = Encoding.UTF8.GetString(utf8);
        return Grammar.HasControl(text) ? throw Bad(field, start, "control character") : text;
    }

    /// <summary>A name of a device, site or model (PROTOCOL.md section 1).</summary>
    public string ReadName(string field)
    {
        var start = at;
        var name = ReadText(field, 1, Grammar.NameLength);
        return Grammar.IsName(name) ? name : throw Bad(field, start, "only a-z, 0-9, '.' and '-' are allowed, the first a letter or digit");
    }

    /// <summary>A text that can only be <paramref name="expected"/> (ASCII).</summary>
    public void ReadFixed(string field, string expected)
    {
        var start = at;
        var utf8 = ReadUtf8(field, 0, Caps.Text);
        if (!Ascii.Equals(utf8, expected)) throw Bad(field, start, $"not \"{expected}\"");
    }

    /// <summary>A UEID (PROTOCOL.md section 2).</summary>
    public DeviceId ReadDeviceId(string field)
    {
        var start = at;
        var ueid = ReadBytes(field, DeviceId.Size).Span;
        return ueid[0] == 1 ? DeviceId.FromUeid(ueid) : throw Bad(field, start, $"type {ueid[0]:x2}, expected 01");
    }

    /// <summary>Number of items of an array; it is at most the number of bytes left, so it is safe to allocate for.</summary>
    public int ReadArray(string field, int min, int max) => ReadLength(CborMajor.Array, field, min, max);

    /// <summary>An array of exactly <paramref name="count"/> items.</summary>
    public void ReadArray(string field, int count) => ReadArray(field, count, count);

    /// <summary>The one tag that may stand here.</summary>
    public void ReadTag(string field, ulong tag)
    {
        var start = at;
        var got = ReadHead(CborMajor.Tag, field);
        if (got != tag) throw Bad(field, start, $"tag {got}, expected {tag}");
    }

    /// <summary>What comes next, without consuming it.</summary>
    public readonly CborMajor PeekMajor(string field)
        => at < bytes.Length ? (CborMajor)(bytes[at] >> 5) : throw Bad(field, at, "missing: the bytes end here");

    private ReadOnlySpan<byte> ReadUtf8(string field, int min, int max)
    {
        var start = at;
        var length = ReadLength(CborMajor.Text, field, min, max);
        var utf8 = bytes.Slice(at, length);
        if (!Utf8.IsValid(utf8)) throw Bad(field, start, "not UTF-8");
        at += length;
        return utf8;
    }

    private int ReadLength(CborMajor major, string field, int min, int max)
    {
        var start = at;
        var length = ReadHead(major, field);
        var unit = major switch { CborMajor.Array => "items", CborMajor.Map => "pairs", _ => "bytes" };
        if (length < (ulong)min || length > (ulong)max)
            throw Bad(field, start, min == max ? $"{length} {unit}, expected {min}" : $"{length} {unit}, {min} to {max} allowed");
        var smallest = major == CborMajor.Map ? length * 2 : length;
        if (smallest > (ulong)(bytes.Length - at)) throw Bad(field, start, $"{length} {unit} announced, {bytes.Length - at} bytes left");
        return (int)length;
    }

    private ulong ReadHead(CborMajor expected, string field)
    {
        var start = at;
        var major = ReadHead(field, out var argument);
        return major == expected ? argument : throw Bad(field, start, $"{Describe(major)}, expected {Describe(expected)}");
    }

    private CborMajor ReadHead(string field, out ulong argument)
    {
        var major = PeekMajor(field);
        var info = bytes[at] & 31;
        if (info > 27) throw Bad(field, at, info == 31 ? "indefinite length" : "reserved length");
        if (major == CborMajor.Simple && info is not (20 or 21 or 22)) throw Bad(field, at, "floating point or a simple value that is not used");
        if (info < 24)
        {
            argument = (ulong)info;
            at++;
            return major;
        }
        var size = 1 << (info - 24);
        var rest = bytes[(at + 1)..];
        if (rest.Length < size) throw Bad(field, at, "cut short");
        argument = size switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest),
        };
        if (argument < (size == 1 ? 24 : 1UL << (size * 4))) throw Bad(field, at, "not the shortest form");
        at += 1 + size;
        return major;
    }

    private readonly WireException Bad(string field, int start, string problem) => new(field, origin + start, problem);

    private static string Describe(CborMajor major) => major switch
    {
        CborMajor.Unsigned => "an unsigned integer",
        CborMajor.Negative => "a negative integer",
        CborMajor.Bytes => "a byte string",
        CborMajor.Text => "a text",
        CborMajor.Array => "an array",
        CborMajor.Map => "a map",
        CborMajor.Tag => "a tag",
        _ => "a simple value",
    };
}
