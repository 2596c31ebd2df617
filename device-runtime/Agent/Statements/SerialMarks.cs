using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TrustMesh.Agent.Statements;

/// <summary>The highest serials this device has ever believed: what an older statement is measured against (attacks A30, A35).</summary>
public readonly record struct SerialMarks(long Policy, long Status, long Peers)
{
    /// <summary>Bytes: three big-endian u64, then the first eight bytes of the SHA-256 of the authority's SubjectPublicKeyInfo.</summary>
    public const int Size = 32;

    private const int AuthorityAt = 24;

    /// <summary>The higher one of each.</summary>
    public SerialMarks Raise(SerialMarks other) => new(Math.Max(Policy, other.Policy), Math.Max(Status, other.Status), Math.Max(Peers, other.Peers));

    public byte[] Encode(ReadOnlySpan<byte> authorityKey)
    {
        var memory = new byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(memory, Policy);
        BinaryPrimitives.WriteInt64BigEndian(memory.AsSpan(8), Status);
        BinaryPrimitives.WriteInt64BigEndian(memory.AsSpan(16), Peers);
        SHA256.HashData(authorityKey).AsSpan(0, Size - AuthorityAt).CopyTo(memory.AsSpan(AuthorityAt));
        return memory;
    }

    /// <summary>The marks in a root's memory; all zero where it holds none, or those of another authority: a device that joined another mesh
    /// begins to count anew.</summary>
    public static SerialMarks Decode(byte[]? memory, ReadOnlySpan<byte> authorityKey)
    {
        if (memory is not { Length: Size } || !memory.AsSpan(AuthorityAt).SequenceEqual(SHA256.HashData(authorityKey).AsSpan(0, Size - AuthorityAt))) return default;
        return new(BinaryPrimitives.ReadInt64BigEndian(memory), BinaryPrimitives.ReadInt64BigEndian(memory.AsSpan(8)), BinaryPrimitives.ReadInt64BigEndian(memory.AsSpan(16)));
    }
}
