using System.Numerics;

namespace TrustMesh.Wire.Log;

/// <summary>
/// Of which ranges a proof has the hashes (RFC 6962 2.1.1 and 2.1.2), in its order. Whoever has the tree looks them up; whoever gets the proof checks
/// it with <see cref="Merkle.MerkleTree"/>.
/// </summary>
public static class LogProof
{
    /// <summary>That a leaf is at <paramref name="index"/> of the tree of that size: its siblings, upwards.</summary>
    public static IReadOnlyList<LogRange> Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<LogRange>();
        for (var (from, to) = (0L, size); to - from > 1;)
        {
            var split = from + Split(to - from);
            path.Add(index < split ? new(split, to) : new(from, split));
            (from, to) = index < split ? (from, split) : (split, to);
        }
        path.Reverse();
        return path;
    }

    /// <summary>That the tree of size <paramref name="newer"/> begins with the one of size <paramref name="older"/>, 1 or more. Nothing to prove of the same size.</summary>
    public static IReadOnlyList<LogRange> Consistency(long older, long newer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(older, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(older, newer);
        var path = new List<LogRange>();
        var (from, to) = (0L, newer);
        while (to != older)
        {
            var split = from + Split(to - from);
            path.Add(older <= split ? new(split, to) : new(from, split));
            (from, to) = older <= split ? (from, split) : (split, to);
        }
        // The older root itself is known to who asks; any other node the proof begins with is not.
        if (from != 0) path.Add(new(from, to));
        path.Reverse();
        return path;
    }

    /// <summary>The largest power of two below a number of 2 or more.</summary>
    private static long Split(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
