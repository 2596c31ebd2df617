using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace TrustMesh.Wire.Cbor;

/// <summary>
/// Writes deterministic CBOR (RFC 8949 4.2.1). The bounds are the reader's; a value the reader would refuse is an
/// <see cref="ArgumentException"/> here. Map keys are written in order by the caller; golden files and round trips hold that.
/// </summary>
public ref struct StrictCborWriter
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private Span<byte> buffer;
    private int at;

    /// <param name="buffer">First room to write to, usually on the stack; it grows on the heap when it is full.</param>
    public StrictCborWriter(Span<byte> buffer) => this.buffer = buffer;

    /// <summary>What was written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => buffer[..at];

    /// <summary>A copy of what was written; longer than <paramref name="cap"/> is an error.</summary>
    public readonly byte[] ToArray(string structure, int cap)
        => at <= cap ? buffer[..at].ToArray() : throw Bad(structure, $"{at} bytes, at most {cap}");

    public void WriteUInt(string field, ulong value, ulong max = ulong.MaxValue)
    {
        if (value > max) throw Bad(field, $"{value}, at most {max}");
        WriteHead(CborMajor.Unsigned, value);
    }

    public void WriteInt64(string field, long value, long min = 0, long max = long.MaxValue)
    {
        if (value < min || value > max) throw Bad(field, $"{value}, {min} to {max} allowed");
        WriteHead(CborMajor.Unsigned, (ulong)value);
    }

    public void WriteTime(string field, long seconds) => WriteInt64(field, seconds, 0, Caps.LatestTime);

    public void WriteSigned(string field, int value, int min, int max)
    {
        if (value < min || value > max) throw Bad(field, $"{value}, {min} to {max} allowed");
        WriteKey(value);
    }

    public void WriteEnum<T>(string field, T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw Bad(field, $"{value:d} is not a known value");
        WriteHead(CborMajor.Unsigned, (ulong)Unsafe.BitCast<T, int>(value));
    }

    public void WriteBool(bool value) => Take(1)[0] = value ? (byte)0xf5 : (byte)0xf4;

    public void WriteNull() => Take(1)[0] = 0xf6;

    public void WriteBytes(string field, scoped ReadOnlySpan<byte> value, int min, int max)
    {
        if (value.Length < min || value.Length > max) throw Bad(field, $"{value.Length} bytes, {min} to {max} allowed");
        WriteHead(CborMajor.Bytes, (ulong)value.Length);
        value.CopyTo(Take(value.Length));
    }

    public void WriteBytes(string field, ReadOnlyMemory<byte> value, int min, int max) => WriteBytes(field, value.Span, min, max);

    public void WriteBytes(string field, ReadOnlyMemory<byte> value, int length) => WriteBytes(field, value.Span, length, length);

    public void WriteText(string field, string value, int min = 0, int max = Caps.Text)
    {
        if (Grammar.HasControl(value)) throw Bad(field, "control character");
        var length = Utf8.GetByteCount(value);
        if (length < min || length > max) throw Bad(field, $"{length} bytes, {min} to {max} allowed");
        WriteHead(CborMajor.Text, (ulong)length);
        Utf8.GetBytes(value, Take(length));
    }

    public void WriteName(string field, string value)
    {
        if (!Grammar.IsName(value)) throw Bad(field, "only a-z, 0-9, '.' and '-' are allowed, the first a letter or digit, at most 63");
        WriteText(field, value);
    }

    public void WriteDeviceId(DeviceId id)
    {
        WriteHead(CborMajor.Bytes, DeviceId.Size);
        id.WriteUeid(Take(DeviceId.Size));
    }

    public void WriteArray(string field, int count, int min, int max)
    {
        if (count < min || count > max) throw Bad(field, $"{count} items, {min} to {max} allowed");
        WriteHead(CborMajor.Array, (ulong)count);
    }

    public void WriteArray(int count) => WriteHead(CborMajor.Array, (ulong)count);

    public void WriteMap(int count) => WriteHead(CborMajor.Map, (ulong)count);

    public void WriteTag(ulong tag) => WriteHead(CborMajor.Tag, tag);

    public void WriteKey(long key)
    {
        if (key < 0) WriteHead(CborMajor.Negative, (ulong)(-1 - key));
        else WriteHead(CborMajor.Unsigned, (ulong)key);
    }

    public void WriteKey(string key) => WriteText("key", key);

    internal static int PutHead(Span<byte> to, CborMajor major, ulong argument)
    {
        var initial = (byte)((int)major << 5);
        switch (argument)
        {
            case < 24:
                to[0] = (byte)(initial | (byte)argument);
                return 1;
            case <= byte.MaxValue:
                to[0] = (byte)(initial | 24);
                to[1] = (byte)argument;
                return 2;
            case <= ushort.MaxValue:
                to[0] = (byte)(initial | 25);
                BinaryPrimitives.WriteUInt16BigEndian(to[1..], (ushort)argument);
                return 3;
            case <= uint.MaxValue:
                to[0] = (byte)(initial | 26);
                BinaryPrimitives.WriteUInt32BigEndian(to[1..], (uint)argument);
                return 5;
            default:
                to[0] = (byte)(initial | 27);
                BinaryPrimitives.WriteUInt64BigEndian(to[1..], argument);
                return 9;
        }
    }

    private void WriteHead(CborMajor major, ulong argument)
    {
        Span<byte> head = stackalloc byte[9];
        var length = PutHead(head, major, argument);
        head[..length].CopyTo(Take(length));
    }

    private Span<byte> Take(int length)
    {
        if (buffer.Length - at < length)
        {
            var bigger = new byte[Math.Max(buffer.Length * 2, at + length)];
            Written.CopyTo(bigger);
            buffer = bigger;
        }
        at += length;
        return buffer.Slice(at - length, length);
    }

    private static ArgumentException Bad(string field, string problem) => new($"{field}: {problem}");
}
