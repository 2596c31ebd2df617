using System.Buffers.Binary;
using System.Collections.Immutable;
using TrustMesh.Contracts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Measured;

/// <summary>
/// What a device measured, small enough to be kept of every device and sent to every silo: 16 bytes for each name, 8 that tell names apart and the first 8 of its
/// digest. They are for counting and judge nothing. To be counted as another value, somebody has to find a file whose SHA-256 begins like that one's. Registers (PCRs)
/// are among the names under keys of their own, which no file's name has: only what a TPM quoted counts for one.
/// </summary>
public static class MeasuredKeys
{
    /// <summary>Names of one device that are counted, the first by their order (attack A42).</summary>
    public const int Most = 256;

    private const int Size = 16, Half = 8;
    private const ulong Basis = 14695981039346656037, Prime = 1099511628211;

    /// <param name="current">Name to digest (32 bytes), empty where the file is absent.</param>
    /// <param name="registers">As in <see cref="Twins.TwinState.Registers"/>; they come first, so that no number of files keeps them out.</param>
    public static ReadOnlyMemory<byte> Of(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> current, ImmutableArray<PcrValue> registers)
    {
        if (current.IsEmpty && registers.IsEmpty) return default;
        var keys = new byte[Math.Min(current.Count + registers.Length, Most) * Size];
        var end = 0;
        foreach (var (pcr, value) in registers)
        {
            if (PlatformRegisters.Grows(pcr)) continue;
            BinaryPrimitives.WriteUInt64BigEndian(keys.AsSpan(end), Register(pcr));
            BinaryPrimitives.WriteUInt64BigEndian(keys.AsSpan(end + Half), Value(value.Span));
            end += Size;
        }
        foreach (var (name, digest) in current)
        {
            if (end == keys.Length) break;
            var key = Name(name);
            // A device picks its names. One that had many with the same key would count as many devices, and what only it has would look common.
            if (Has(keys.AsSpan(0, end), key)) continue;
            BinaryPrimitives.WriteUInt64BigEndian(keys.AsSpan(end), key);
            BinaryPrimitives.WriteUInt64BigEndian(keys.AsSpan(end + Half), Value(digest.Span));
            end += Size;
        }
        return keys.AsMemory(0, end);
    }

    public static int Count(ReadOnlySpan<byte> keys) => keys.Length / Size;

    public static (ulong Name, ulong Value) At(ReadOnlySpan<byte> keys, int index)
        => (BinaryPrimitives.ReadUInt64BigEndian(keys[(index * Size)..]), BinaryPrimitives.ReadUInt64BigEndian(keys[(index * Size + Half)..]));

    /// <summary>FNV-1a, 64 bits, the same in every silo.</summary>
    public static ulong Name(ReadOnlySpan<char> name)
    {
        var hash = Basis;
        foreach (var one in name) hash = (hash ^ one) * Prime;
        // A name can be made for any hash. None is a register's, or a device with a software key would count for what a TPM quoted (attack A39).
        return hash < PlatformRegisters.Count ? ~hash : hash;
    }

    /// <param name="pcr">0..23.</param>
    public static ulong Register(int pcr) => (ulong)pcr;

    /// <summary>The key is a register's.</summary>
    public static bool IsRegister(ulong name) => name < PlatformRegisters.Count;

    /// <summary>0 for a file that is absent.</summary>
    public static ulong Value(ReadOnlySpan<byte> digest) => digest.Length < Half ? 0 : BinaryPrimitives.ReadUInt64BigEndian(digest);

    private static bool Has(ReadOnlySpan<byte> keys, ulong name)
    {
        for (var at = 0; at < keys.Length; at += Size)
            if (BinaryPrimitives.ReadUInt64BigEndian(keys[at..]) == name) return true;
        return false;
    }
}
