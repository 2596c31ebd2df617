using System.Buffers;
using System.Buffers.Binary;

namespace TrustMesh.Wire.Tpm;

/// <summary>Big-endian writer of TPM structures, beside <see cref="TpmReader"/>. Not thread-safe.</summary>
public sealed class TpmWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new(256);

    public int Length => buffer.WrittenCount;

    public TpmWriter U8(byte value) => Bytes([value]);

    public TpmWriter U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer.GetSpan(2), value);
        buffer.Advance(2);
        return this;
    }

    public TpmWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
        return this;
    }

    public TpmWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
        return this;
    }

    public TpmWriter Alg(TpmAlg value) => U16((ushort)value);

    public TpmWriter Bytes(ReadOnlySpan<byte> value)
    {
        buffer.Write(value);
        return this;
    }

    /// <summary>A TPM2B: 16-bit size and the bytes.</summary>
    public TpmWriter Sized(ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, ushort.MaxValue, nameof(value));
        return U16((ushort)value.Length).Bytes(value);
    }

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();
}
