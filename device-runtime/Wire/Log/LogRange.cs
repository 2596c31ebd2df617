using System.Numerics;
using System.Security.Cryptography;
using TrustMesh.Wire.Merkle;

namespace TrustMesh.Wire.Log;

/// <summary>
/// Leaves in a row under one hash of the tree of RFC 6962 2.1, as they come up in its definition: <paramref name="From"/> is a multiple of the
/// smallest power of two that is not less than their number. The whole tree is the range from 0 to its size.
/// </summary>
/// <param name="To">After the last.</param>
public readonly record struct LogRange(long From, long To)
{
    /// <summary>The whole subtrees it consists of, the largest first.</summary>
    public IReadOnlyList<LogNode> Subtrees
    {
        get
        {
            var nodes = new List<LogNode>();
            for (var at = From; at < To;)
            {
                var level = BitOperations.Log2((ulong)(To - at));
                nodes.Add(new(level, at >> level));
                at += 1L << level;
            }
            return nodes;
        }
    }

    /// <summary>The hash over the range (32 bytes), from those of its subtrees. Of nothing: SHA-256 of nothing.</summary>
    public byte[] HashOf(Func<LogNode, byte[]> subtree)
    {
        byte[]? hash = null;
        foreach (var node in Subtrees.Reverse())
        {
            var left = subtree(node);
            if (hash is null) hash = left;
            else MerkleTree.HashNode(left, hash, hash);
        }
        return hash ?? SHA256.HashData([]);
    }
}
