using System.Security.Cryptography;

namespace TrustMesh.Wire.Merkle;

/// <summary>
/// The tree of RFC 6962 2.1 with SHA-256, over leaf hashes (32 bytes each). Pure functions; a proof is checked as in RFC 9162 2.1.3.2.
/// Trees are built by <see cref="MerkleBatch"/>. Leaves and nodes are hashed with different first bytes, so that a node cannot pass for a leaf.
/// </summary>
public static class MerkleTree
{
    /// <summary><c>SHA-256(00 ‖ entry)</c> into 32 bytes.</summary>
    public static void HashLeaf(ReadOnlySpan<byte> entry, Span<byte> hash)
    {
        Span<byte> small = stackalloc byte[512];
        var input = entry.Length < small.Length ? small[..(entry.Length + 1)] : new byte[entry.Length + 1];
        input[0] = 0;
        entry.CopyTo(input[1..]);
        SHA256.HashData(input, hash);
    }

    /// <summary><c>SHA-256(01 ‖ left ‖ right)</c> into 32 bytes; the result may overwrite an input.</summary>
    public static void HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        Span<byte> input = stackalloc byte[1 + 2 * Caps.Hash];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Caps.Hash)..]);
        SHA256.HashData(input, hash);
    }

    /// <summary>
    /// Root that a leaf hash and its audit path lead to, into 32 bytes. False for an index outside the tree, a path of the wrong length
    /// and hashes that are not 32 bytes.
    /// </summary>
    public static bool TryRootFromProof(ReadOnlySpan<byte> leaf, long index, long size, IReadOnlyList<ReadOnlyMemory<byte>> path, Span<byte> root)
    {
        if (leaf.Length != Caps.Hash || index < 0 || index >= size) return false;
        Span<byte> at = stackalloc byte[Caps.Hash];
        leaf.CopyTo(at);
        long node = index, last = size - 1;
        for (var i = 0; i < path.Count; i++)
        {
            var sibling = path[i].Span;
            if (last == 0 || sibling.Length != Caps.Hash) return false;
            if ((node & 1) == 1 || node == last)
            {
                HashNode(sibling, at, at);
                // A right edge without a sibling on this level: climb to the level where it has one.
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                HashNode(at, sibling, at);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        if (last != 0) return false;
        at.CopyTo(root);
        return true;
    }

    /// <summary>
    /// True if the tree of size <paramref name="newer"/> with that root begins with the tree of size <paramref name="older"/> with its root (RFC 9162
    /// 2.1.4.2). A tree of no leaves is the beginning of every tree and of none: it proves nothing, and is refused.
    /// </summary>
    public static bool IsConsistent(long older, ReadOnlySpan<byte> olderRoot, long newer, ReadOnlySpan<byte> newerRoot, IReadOnlyList<ReadOnlyMemory<byte>> path)
    {
        if (older < 1 || older > newer || olderRoot.Length != Caps.Hash || newerRoot.Length != Caps.Hash) return false;
        if (older == newer) return path.Count == 0 && olderRoot.SequenceEqual(newerRoot);
        for (var i = 0; i < path.Count; i++)
            if (path[i].Length != Caps.Hash) return false;
        // A whole subtree is its own beginning: its root is known and not in the proof.
        var known = (older & (older - 1)) == 0;
        if (path.Count == 0) return false;
        Span<byte> first = stackalloc byte[Caps.Hash], second = stackalloc byte[Caps.Hash];
        (known ? olderRoot : path[0].Span).CopyTo(first);
        first.CopyTo(second);
        var (node, last) = (older - 1, newer - 1);
        while ((node & 1) == 1) (node, last) = (node >> 1, last >> 1);
        for (var i = known ? 0 : 1; i < path.Count; i++)
        {
            var sibling = path[i].Span;
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                HashNode(sibling, first, first);
                HashNode(sibling, second, second);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                HashNode(second, sibling, second);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && first.SequenceEqual(olderRoot) && second.SequenceEqual(newerRoot);
    }

    /// <summary>True if the leaf hash is at <paramref name="index"/> of the tree with this root.</summary>
    public static bool Includes(ReadOnlySpan<byte> root, ReadOnlySpan<byte> leaf, long index, long size, IReadOnlyList<ReadOnlyMemory<byte>> path)
    {
        Span<byte> led = stackalloc byte[Caps.Hash];
        return TryRootFromProof(leaf, index, size, path, led) && led.SequenceEqual(root);
    }
}
