using System.Buffers.Binary;

namespace TrustMesh.Wire.Tpm;

/// <summary>
/// Strict big-endian reader of TPM structures (part 2, 4.2). Every size is compared with its cap and with the bytes left before anything
/// is taken (attack A26); <see cref="End"/> refuses what was not consumed (attack A18). Throws only <see cref="WireException"/>.
/// Values are slices of the input, never copies.
/// </summary>
public ref struct TpmReader(ReadOnlyMemory<byte> bytes, int offset = 0)
{
    private readonly ReadOnlyMemory<byte> bytes = bytes;
    private readonly int start = offset;
    private int at;

    /// <summary>Bytes from the start of the outermost structure.</summary>
    public readonly int Offset => start + at;

    public readonly int Left => bytes.Length - at;

    public byte U8(string field) => Take(field, 1).Span[0];

    public ushort U16(string field) => BinaryPrimitives.ReadUInt16BigEndian(Take(field, 2).Span);

    public uint U32(string field) => BinaryPrimitives.ReadUInt32BigEndian(Take(field, 4).Span);

    public ulong U64(string field) => BinaryPrimitives.ReadUInt64BigEndian(Take(field, 8).Span);

    public TpmAlg Alg(string field) => (TpmAlg)U16(field);

    public ReadOnlyMemory<byte> Take(string field, int count)
    {
        if (count > Left) throw new WireException(field, Offset, $"{count} bytes needed, {Left} left");
        var taken = bytes.Slice(at, count);
        at += count;
        return taken;
    }

    /// <summary>A TPM2B: 16-bit size, then that many bytes, at most <paramref name="max"/>.</summary>
    public ReadOnlyMemory<byte> Sized(string field, int max)
    {
        var place = Offset;
        int size = U16(field);
        if (size > max) throw new WireException(field, place, $"size {size}, at most {max} allowed");
        return Take(field, size);
    }

    /// <summary>A TPM2B whose content is read as a structure of its own; its reader must be ended too.</summary>
    public TpmReader SizedReader(string field, int max)
    {
        var content = Sized(field, max);
        return new(content, Offset - content.Length);
    }

    /// <summary>What is left, whatever it is.</summary>
    public ReadOnlyMemory<byte> Rest() => Take("rest", Left);

    /// <summary>Refuses bytes after the structure.</summary>
    public readonly void End(string structure)
    {
        if (Left != 0) throw new WireException(structure, Offset, $"{Left} bytes after the end");
    }
}
