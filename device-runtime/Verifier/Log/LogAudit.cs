using TrustMesh.Wire;
using TrustMesh.Wire.Log;
using TrustMesh.Wire.Merkle;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Checks a whole log against its signed checkpoint, from the first entry on; where it is wrong it says from which entry (PROTOCOL.md section 18):
/// <list type="number">
/// <item><c>log.older</c> the log is the one that was saved before, and not shorter: what was seen once cannot be taken back</item>
/// <item><c>log.bundle</c> every bundle is there, parses, and has as many entries as the size says</item>
/// <item><c>log.entry</c> every entry is in its one encoding</item>
/// <item><c>log.place</c> every entry is in the log its device belongs to: with a log hidden the others would not fit</item>
/// <item><c>log.tile</c> every hash of every tile is the one that the entries lead to</item>
/// <item><c>log.past</c> as large as it was when the older checkpoint was saved, it had that checkpoint's root</item>
/// <item><c>log.root</c> the entries lead to the signed root</item>
/// </list>
/// Bundles come first, in order, then the tiles above them. Every hash is computed anew: of what the log says of itself only the signed root counts,
/// and tiles are compared to name the place. One use, one thread.
/// </summary>
/// <param name="checkpoint">As <see cref="CheckpointVerifier"/> accepted it.</param>
/// <param name="older">An accepted one of the same log that was kept from before; null if there is none.</param>
/// <param name="place">Number of this log and how many the mesh has, where the caller knows.</param>
public sealed class LogAudit(Checkpoint checkpoint, Checkpoint? older = null, (int Number, int Count)? place = null)
{
    private static readonly Check Older = new("log.older", "log", "the log that was saved, as long or longer", "PROTOCOL.md 18");
    private static readonly Check Bundle = new("log.bundle", "entries", "as many entries as the checkpoint says", "C2SP tlog-tiles");
    private static readonly Check Entry = new("log.entry", "entry", "an entry in its one encoding", "PROTOCOL.md 18");
    private static readonly Check Place = new("log.place", "entry", "an entry of a device of this log", "PROTOCOL.md 18");
    private static readonly Check Tile = new("log.tile", "tile", "the hashes the entries lead to", "C2SP tlog-tiles");
    private static readonly Check Past = new("log.past", "saved checkpoint", "its root over the same entries", "RFC 9162 2.1.4");
    private static readonly Check Root = new("log.root", "checkpoint", "the root the entries lead to", "RFC 9162 2.1.1");

    private readonly FindingList findings = new();

    /// <summary>Of level 0 the last tile only, of those above all hashes there are.</summary>
    private readonly List<List<byte>> levels = [[]];
    private bool broken;

    /// <summary>Entries so far.</summary>
    public long Count { get; private set; }

    /// <summary>The first entry that is wrong, missing, or not what it was; null if none is known to be.</summary>
    public long? FirstWrong { get; private set; }

    /// <summary>The complete checklist ran and nothing failed (attack A16). Only after <see cref="End"/>.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The next bundle and its tile of level 0; null where the log does not have it. False: what comes after cannot be placed any more.</summary>
    public bool Add(ReadOnlyMemory<byte>? bundle, ReadOnlyMemory<byte>? hashes)
    {
        if (LogTile.Of(null, Count >> LogTile.Height, checkpoint.Size) is not { } tile || Count % LogTile.Width != 0) throw new InvalidOperationException("The log has no more bundles.");
        if (broken) return false;
        if (Read(bundle, tile) is not { } entries) return false;
        var leaves = levels[0];
        leaves.Clear();
        Span<byte> leaf = stackalloc byte[Caps.Hash];
        for (var i = 0; i < entries.Count; i++)
        {
            CheckEntry(entries[i], Count);
            MerkleTree.HashLeaf(entries[i].Span, leaf);
            leaves.AddRange(leaf);
            Count++;
        }
        Compare(tile with { Level = 0 }, [.. leaves], hashes);
        if (entries.Count == LogTile.Width) Rise();
        if (older is { Size: > 0 } && older.Size <= Count && older.Size > Count - entries.Count) CheckPast(older);
        return true;
    }

    /// <summary>A tile of level 1 or above, after all bundles; null where the log does not have it.</summary>
    public void AddTile(LogTile tile, ReadOnlyMemory<byte>? hashes)
    {
        if (broken || tile.Level is not ({ } level and > 0) || level >= levels.Count) return;
        Compare(tile, [.. levels[level].Skip((int)(tile.Index * LogTile.Width * Caps.Hash)).Take(tile.Count * Caps.Hash)], hashes);
    }

    /// <summary>What was found, what failed first.</summary>
    public IReadOnlyList<Finding> End()
    {
        if (older is not null && (older.Origin != checkpoint.Origin || older.Size > checkpoint.Size))
            Wrong(Older.Failed($"{older.Origin} with {older.Size} entries or more", $"{checkpoint.Origin} with {checkpoint.Size}"), checkpoint.Size);
        else findings.Pass(Older);
        if (older is { Size: 0 }) CheckPast(older);
        var complete = !broken && Count == checkpoint.Size;
        if (complete && RootAt(Count).AsSpan().SequenceEqual(checkpoint.Root.Span)) findings.Pass(Root);
        else if (complete) Wrong(Root.Failed(Words.Hex(checkpoint.Root.Span), Words.Hex(RootAt(Count))), FirstWrong ?? Count & ~(LogTile.Width - 1L));
        IsWhole = complete && !findings.AnyFailure;
        return findings.ToBecause();
    }

    private IReadOnlyList<ReadOnlyMemory<byte>>? Read(ReadOnlyMemory<byte>? bundle, LogTile tile)
    {
        var got = "nothing";
        try
        {
            if (bundle is { } bytes)
            {
                var entries = EntryBundle.Decode(bytes);
                if (entries.Count == tile.Count) return entries;
                got = $"{entries.Count} entries in {tile.Path}";
            }
        }
        catch (WireException bad)
        {
            got = $"{tile.Path}: {bad.Message}";
        }
        broken = true;
        Wrong(Bundle.Failed($"{tile.Count} entries in {tile.Path}", got), Count);
        return null;
    }

    private void CheckEntry(ReadOnlyMemory<byte> entry, long index)
    {
        try
        {
            var device = MeshLogEntry.Decode(entry).Device;
            if (place is var (number, count) && MeshLogEntry.LogOf(device, count) is var home && home != number) Wrong(Place.Failed($"in log {number} of {count}", $"entry {index} belongs to log {home}"), index);
        }
        catch (WireException bad)
        {
            Wrong(Entry.Failed($"entry {index}: {bad.Message}"), index);
        }
    }

    private void Compare(LogTile tile, ReadOnlySpan<byte> computed, ReadOnlyMemory<byte>? stored)
    {
        if (stored is { } hashes && hashes.Span.SequenceEqual(computed)) return;
        var at = stored is { } there ? there.Span.CommonPrefixLength(computed) / Caps.Hash : 0;
        var below = LogTile.Height * tile.Level!.Value;
        var index = (tile.Index * LogTile.Width + at) << below;
        Wrong(Tile.Failed($"in {tile.Path} the hashes that the entries lead to", stored is null ? "no tile" : $"another hash at {at}, of entry {index}{(tile.Level == 0 ? "" : " and those after it")}"),
            // Of a hash over many entries the wrong one may be known already.
            FirstWrong is { } known && known >> below == index >> below ? known : index);
    }

    private void CheckPast(Checkpoint past)
    {
        var root = RootAt(past.Size);
        if (root.AsSpan().SequenceEqual(past.Root.Span)) findings.Pass(Past);
        else Wrong(Past.Failed($"{Words.Hex(past.Root.Span)} over {past.Size} entries", Words.Hex(root)), 0);
    }

    private void Wrong(Finding finding, long index)
    {
        findings.Add(finding);
        FirstWrong = FirstWrong is { } known && known <= index ? known : index;
    }

    /// <summary>The tile of level 0 is full: its hash goes up, and on where that fills another.</summary>
    private void Rise()
    {
        var below = levels[0].ToArray();
        for (var level = 1; ; level++)
        {
            if (levels.Count == level) levels.Add([]);
            levels[level].AddRange(LogNode.Fold(below));
            if (levels[level].Count % (LogTile.Width * Caps.Hash) != 0) break;
            below = [.. levels[level][^(LogTile.Width * Caps.Hash)..]];
        }
    }

    private byte[] RootAt(long size) => new LogRange(0, size).HashOf(node =>
    {
        var (level, index) = node.Tile;
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(levels[level]);
        return node.HashOf(level == 0 ? all : all[(int)(index * LogTile.Width * Caps.Hash)..]);
    });
}
