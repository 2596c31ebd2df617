using TrustMesh.Wire.Merkle;

namespace TrustMesh.Wire.Log;

/// <summary>
/// A whole subtree of a log: the leaves from <c>Index · 2^Level</c> on, <c>2^Level</c> of them. Its hash never changes once they are there, and all
/// that it takes to compute it lies within one tile (C2SP tlog-tiles: a tile has the hashes of 256 nodes of every eighth level).
/// </summary>
public readonly record struct LogNode(int Level, long Index)
{
    /// <summary>The tile that leads to the hash: level and index.</summary>
    public (int Level, long Index) Tile => (Level / LogTile.Height, First >> LogTile.Height);

    private int Span => 1 << (Level % LogTile.Height);

    /// <summary>Of the nodes of the tile's level the first below this one.</summary>
    private long First => Index * Span;

    /// <summary>The hash (32 bytes), from the hashes of its tile. The tile reaches so far, or this throws <see cref="ArgumentException"/>.</summary>
    public byte[] HashOf(ReadOnlySpan<byte> tile)
    {
        var at = (int)(First % LogTile.Width) * Caps.Hash;
        if (tile.Length < at + Span * Caps.Hash) throw new ArgumentException($"The tile has {tile.Length / Caps.Hash} hashes, too few for this node.", nameof(tile));
        return Fold(tile.Slice(at, Span * Caps.Hash));
    }

    /// <summary>The hash above 1, 2, 4 … 256 hashes in a row.</summary>
    public static byte[] Fold(ReadOnlySpan<byte> hashes)
    {
        var level = hashes.ToArray();
        for (var count = level.Length / Caps.Hash; count > 1; count /= 2)
            for (var i = 0; i < count / 2; i++)
                MerkleTree.HashNode(level.AsSpan(2 * i * Caps.Hash, Caps.Hash), level.AsSpan((2 * i + 1) * Caps.Hash, Caps.Hash), level.AsSpan(i * Caps.Hash, Caps.Hash));
        return level[..Caps.Hash];
    }
}
