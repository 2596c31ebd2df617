namespace TrustMesh.Wire.Merkle;

/// <summary>
/// The tree over everything one quote answers (PROTOCOL.md section 4): n - 1 hashes to build, then each challenger's audit path is
/// only looked up. A level's last node without a sibling moves up unchanged, which gives the shape of RFC 6962 2.1.
/// </summary>
public sealed class MerkleBatch
{
    private readonly List<ReadOnlyMemory<byte>[]> levels = [];

    /// <param name="leaves">Leaf hashes, 32 bytes each; 1 to 2^20 of them.</param>
    public MerkleBatch(IReadOnlyList<ReadOnlyMemory<byte>> leaves)
    {
        ArgumentOutOfRangeException.ThrowIfZero(leaves.Count, nameof(leaves));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leaves.Count, Caps.MerkleLeafCount, nameof(leaves));
        if (leaves.Any(leaf => leaf.Length != Caps.Hash)) throw new ArgumentException("A leaf hash has 32 bytes.", nameof(leaves));
        levels.Add([.. leaves]);
        while (levels[^1].Length > 1) levels.Add(Above(levels[^1]));
    }

    /// <summary>Number of leaves.</summary>
    public int Size => levels[0].Length;

    /// <summary>The challenge, 32 bytes; of a single leaf it is that leaf's hash.</summary>
    public ReadOnlyMemory<byte> Root => levels[^1][0];

    /// <summary>Audit path of the leaf at <paramref name="index"/>, from its sibling upwards.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Prove(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        var path = new List<ReadOnlyMemory<byte>>(levels.Count - 1);
        foreach (var level in levels)
        {
            var sibling = index ^ 1;
            if (sibling < level.Length) path.Add(level[sibling]);
            index >>= 1;
        }
        return path;
    }

    private static ReadOnlyMemory<byte>[] Above(ReadOnlyMemory<byte>[] level)
    {
        var above = new ReadOnlyMemory<byte>[(level.Length + 1) / 2];
        var hashes = new byte[level.Length / 2 * Caps.Hash];
        for (var i = 0; i < level.Length / 2; i++)
        {
            var hash = hashes.AsMemory(i * Caps.Hash, Caps.Hash);
            MerkleTree.HashNode(level[2 * i].Span, level[2 * i + 1].Span, hash.Span);
            above[i] = hash;
        }
        if (level.Length % 2 == 1) above[^1] = level[^1];
        return above;
    }
}
