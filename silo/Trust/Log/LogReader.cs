using TrustMesh.Trust.Records;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Trust.Log;

/// <summary>
/// A log as it is stored: checkpoint, tiles and entries by their place, found from the head's hashes down. It believes every row; whoever reads what it
/// gives checks it against the signed checkpoint, which is what the checkpoint is for. Thread-safe; any silo may read.
/// </summary>
public sealed class LogReader(int number, IRecordStore store)
{
    internal const string Heads = "log-head", Bundles = "log-bundle", Tiles = "log-tile";

    /// <summary>Which of the mesh's logs.</summary>
    public int Number => number;

    internal string Id => Text(number);

    /// <summary>The newest head; null if the log was never started. Throws <see cref="UnreadableRecordException"/> if the row cannot be read.</summary>
    public async Task<StoredHead?> HeadAsync(CancellationToken cancellation) => (await ReadHeadAsync(cancellation)).Head;

    /// <summary>Hashes of a tile under that head: 32 bytes each in a row, as many as its path says. Null if the head has no such tile, or its row is gone.</summary>
    public async Task<ReadOnlyMemory<byte>?> TileAsync(StoredHead head, LogTile tile, CancellationToken cancellation)
    {
        if (tile.Level is not { } level || LogTile.Of(level, tile.Index, head.Size) is not { } there || tile.Count > there.Count) return null;
        var hashes = there.Count < LogTile.Width ? head.PartialTile(level) : (await FullAsync(Tiles, head, level, tile.Index, cancellation))?.Value;
        return hashes is { } all && all.Length >= tile.Count * Caps.Hash ? all[..(tile.Count * Caps.Hash)] : null;
    }

    /// <summary>A bundle of entries under that head, as many as its path says. Null if the head has no such bundle, its row is gone, or is no bundle.</summary>
    public async Task<ReadOnlyMemory<byte>?> BundleAsync(StoredHead head, LogTile tile, CancellationToken cancellation)
    {
        if (tile.Level is not null || LogTile.Of(null, tile.Index, head.Size) is not { } there || tile.Count > there.Count) return null;
        if (there.Count < LogTile.Width) return EntryBundle.Encode([.. head.Tail.Take(tile.Count)]);
        if (await FullAsync(Bundles, head, 0, tile.Index, cancellation) is not { } row) return null;
        if (tile.Count == LogTile.Width) return row.Value;
        return Entries(row.Value) is { } entries && entries.Count >= tile.Count ? EntryBundle.Encode([.. entries.Take(tile.Count)]) : null;
    }

    /// <summary>Entries under that head, as many as there are of those asked for. Throws <see cref="InvalidDataException"/> where a row is gone or is no bundle.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> EntriesAsync(StoredHead head, long from, int most, CancellationToken cancellation)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        var until = Math.Min(head.Size, from + most);
        for (var at = from; at < until;)
        {
            var tile = LogTile.Of(null, at >> LogTile.Height, head.Size)!.Value;
            var bundle = await BundleAsync(head, tile, cancellation);
            if (bundle is null || Entries(bundle.Value) is not { } entries || entries.Count != tile.Count)
                throw new InvalidDataException($"Entries {tile.Index << LogTile.Height} to {(tile.Index << LogTile.Height) + tile.Count - 1} of log {number} cannot be read.");
            var next = Math.Min(until, (tile.Index + 1) << LogTile.Height);
            found.AddRange(entries.Skip((int)(at % LogTile.Width)).Take((int)(next - at)));
            at = next;
        }
        return found;
    }

    /// <summary>Hashes of ranges of the tree under that head, for a proof (<see cref="LogProof"/>). Throws <see cref="InvalidDataException"/> where a tile is gone.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> HashesAsync(StoredHead head, IReadOnlyList<LogRange> ranges, CancellationToken cancellation)
    {
        var tiles = new Dictionary<(int Level, long Index), ReadOnlyMemory<byte>>();
        foreach (var place in ranges.SelectMany(range => range.Subtrees).Select(node => node.Tile).Distinct())
            tiles[place] = LogTile.Of(place.Level, place.Index, head.Size) is { } tile && await TileAsync(head, tile, cancellation) is { } hashes
                ? hashes
                : throw new InvalidDataException($"A tile of log {number} cannot be read.");
        return [.. ranges.Select(range => new ReadOnlyMemory<byte>(range.HashOf(node => node.HashOf(tiles[node.Tile].Span))))];
    }

    internal static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal static string RowId(string id, ReadOnlySpan<byte> above) => $"{id}/{Convert.ToHexStringLower(above)}";

    /// <summary>The head and the version of its row; 0 if there is none.</summary>
    internal async Task<(StoredHead? Head, long Version)> ReadHeadAsync(CancellationToken cancellation)
    {
        if (await store.ReadAsync(Heads, Id, cancellation) is not { } row) return (null, 0);
        try
        {
            return (StoredHead.Decode(row.Value), row.Version);
        }
        catch (WireException broken)
        {
            throw new UnreadableRecordException(Heads, Id, broken.Message, broken);
        }
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>>? Entries(ReadOnlyMemory<byte> bundle)
    {
        try
        {
            return EntryBundle.Decode(bundle);
        }
        catch (WireException)
        {
            // A row that is no bundle any more: for readers the same as one that is gone.
            return null;
        }
    }

    /// <summary>The row of a full tile: the hash above it is in the tile above it, and so on up to the head.</summary>
    private async Task<Record?> FullAsync(string kind, StoredHead head, int level, long index, CancellationToken cancellation)
    {
        if (LogTile.Of(level + 1, index >> LogTile.Height, head.Size) is not { } parent || await TileAsync(head, parent, cancellation) is not { } above) return null;
        var at = (int)(index % LogTile.Width) * Caps.Hash;
        return await store.ReadAsync(kind, RowId(Id, above.Span.Slice(at, Caps.Hash)), cancellation);
    }
}
