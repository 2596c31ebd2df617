using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Trust.Log;

/// <summary>
/// A head and the entries after it: what the next head holds, and the rows that have to be there before it is. Pure; one growth, one head.
/// </summary>
internal sealed class LogGrowth
{
    private readonly List<ReadOnlyMemory<byte>> tail;
    private readonly List<List<byte>> levels;
    private readonly List<StagedRow> staged = [];

    /// <param name="before">Null for a log without entries.</param>
    public LogGrowth(StoredHead? before, IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        tail = [.. before?.Tail ?? []];
        levels = [.. Enumerable.Range(0, 1 + (before?.Uppers.Count ?? 0)).Select(level => new List<byte>(before is null ? [] : before.PartialTile(level).ToArray()))];
        Size = before?.Size ?? 0;
        foreach (var entry in entries) Add(entry);
    }

    public long Size { get; private set; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Tail => tail;

    public IReadOnlyList<ReadOnlyMemory<byte>> Uppers => [.. levels.Skip(1).Select(level => new ReadOnlyMemory<byte>([.. level]))];

    /// <summary>Full tiles, in the order they became full.</summary>
    public IReadOnlyList<StagedRow> Staged => staged;

    public byte[] Root() => StoredHead.RootOf(Size, level => level < levels.Count ? levels[level].ToArray() : default);

    private void Add(ReadOnlyMemory<byte> entry)
    {
        tail.Add(entry);
        levels[0].AddRange(StoredHead.HashLeaves([entry]));
        Size++;
        for (var level = 0; levels[level].Count == LogTile.Width * Caps.Hash; level++)
        {
            var tile = levels[level].ToArray();
            var above = LogNode.Fold(tile);
            if (level == 0)
            {
                staged.Add(new(LogReader.Bundles, above, EntryBundle.Encode(tail)));
                tail.Clear();
            }
            staged.Add(new(LogReader.Tiles, above, tile));
            levels[level].Clear();
            if (levels.Count == level + 1) levels.Add([]);
            levels[level + 1].AddRange(above);
        }
    }

    /// <param name="Above">The hash above the tile, which is its name.</param>
    internal sealed record StagedRow(string Kind, byte[] Above, byte[] Value);
}
