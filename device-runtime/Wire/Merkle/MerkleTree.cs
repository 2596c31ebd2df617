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

    /// <summary>True if the leaf hash is at <paramref name="index"/> of the tree with this root.</summary>
    public static bool Includes(ReadOnlySpan<byte> root, ReadOnlySpan<byte> leaf, long index, long size, IReadOnlyList<ReadOnlyMemory<byte>> path)
    {
        Span<byte> led = stackalloc byte[Caps.Hash];
        return TryRootFromProof(leaf, index, size, path, led) && led.SequenceEqual(root);
    }
}
