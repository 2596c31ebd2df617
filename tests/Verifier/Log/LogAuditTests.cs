using TrustMesh.Tests.Wire;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;
using TrustMesh.Wire.Merkle;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier.Log;

/// <summary>A whole log in memory of which one thing is changed: the audit names the place.</summary>
public sealed class LogAuditTests
{
    private const int Size = 70_000;
    private static readonly byte[][] Entries = [.. Enumerable.Range(0, Size).Select(i => new MeshLogEntry(i, 6, null, "", $"line {i}", "clock", 0).Encode())];

    private readonly Dictionary<string, byte[]> files = Files(Entries);

    private static Checkpoint Head { get; } = HeadOf(Size);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_536)]
    [InlineData(Size)]
    public void A_whole_log_passes(int size) => Whole(Run(files, HeadOf(size)));

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(256)]
    [InlineData(300)]
    [InlineData(65_536)]
    [InlineData(65_600)]
    [InlineData(Size)]
    public void A_log_that_went_on_from_a_saved_checkpoint_passes(int saved) => Whole(Run(files, Head, HeadOf(saved)));

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(300)]
    [InlineData(69_999)]
    public void A_changed_entry_is_named(int index)
    {
        var path = LogTile.Of(null, index >> 8, Size)!.Value.Path;
        var entries = EntryBundle.Decode(files[path]).ToList();
        entries[index & 255] = (MeshLogEntry.Decode(entries[index & 255]) with { Text = "something else" }).Encode();
        files[path] = EntryBundle.Encode(entries);
        Wrong(index, "log.tile", "log.root");
    }

    [Fact]
    public void An_entry_that_is_none_is_named()
    {
        var entries = EntryBundle.Decode(files["tile/entries/001"]).ToList();
        entries[44] = new byte[] { 0xff };
        files["tile/entries/001"] = EntryBundle.Encode(entries);
        Wrong(300, "log.entry", "log.tile", "log.root");
    }

    [Fact]
    public void A_changed_hash_of_a_tile_is_named()
    {
        files["tile/0/002"][32 * 3] ^= 1;
        Wrong(515, "log.tile");
    }

    [Fact]
    public void A_changed_hash_above_names_the_first_entry_below_it()
    {
        files["tile/1/000"][32 * 3] ^= 1;
        Wrong(768, "log.tile");
    }

    [Theory]
    [InlineData("tile/entries/001", 256)]
    [InlineData("tile/entries/273.p/112", 69_888)]
    public void Missing_entries_are_named(string path, int index)
    {
        files.Remove(path);
        Wrong(index, "log.bundle");
    }

    [Fact]
    public void Entries_that_are_cut_short_are_named()
    {
        files["tile/entries/001"] = files["tile/entries/001"][..^1];
        Wrong(256, "log.bundle");
    }

    [Fact]
    public void Entries_and_their_tile_changed_together_are_found_above()
    {
        var changed = Entries.ToArray();
        changed[300] = new MeshLogEntry(1, 6, null, "", "forged", "clock", 0).Encode();
        var forged = Files(changed);
        foreach (var path in (string[])["tile/entries/001", "tile/0/001"]) files[path] = forged[path];
        Wrong(256, "log.tile", "log.root");
    }

    [Fact]
    public void A_log_rewritten_from_the_ground_up_is_found_by_what_was_saved()
    {
        var changed = Entries.ToArray();
        changed[300] = new MeshLogEntry(1, 6, null, "", "forged", "clock", 0).Encode();
        var forged = Files(changed);
        var head = HeadOf(forged, Size);
        Whole(Run(forged, head));
        Whole(Run(forged, head, HeadOf(300)));
        var audit = Run(forged, head, HeadOf(301));
        Assert.False(audit.IsWhole);
        Assert.Equal(["log.past"], Failed(audit));
    }

    [Fact]
    public void A_log_that_was_cut_is_found_by_what_was_saved()
    {
        var audit = Run(files, HeadOf(300), HeadOf(301));
        Assert.False(audit.IsWhole);
        Assert.Equal((300, "log.older"), (audit.FirstWrong, Assert.Single(Failed(audit))));
    }

    [Fact]
    public void A_hidden_log_is_found_by_the_entries_of_the_others()
    {
        byte[][] entries = [.. Enumerable.Range(0, 40).Select(i => DeviceId.FromRootKey([(byte)i])).Where(device => MeshLogEntry.LogOf(device, 4) == 1).Select(device => new MeshLogEntry(1, 6, device, "pump", "line", "clock", 1).Encode())];
        Assert.True(entries.Length > 4);
        var (logs, head) = (Files(entries), HeadOf(Files(entries), entries.Length));
        Whole(Run(logs, head, place: (1, 4)));
        var audit = Run(logs, head, place: (1, 3));
        Assert.Equal((false, "log.place"), (audit.IsWhole, Failed(audit).Distinct().Single()));
    }

    [Fact]
    public void A_log_of_which_nothing_was_read_is_not_whole() => Assert.False(new LogAudit(Head).IsWhole);

    private readonly Dictionary<LogAudit, IReadOnlyList<Finding>> ended = [];

    private LogAudit Run(Dictionary<string, byte[]> from, Checkpoint head, Checkpoint? older = null, (int, int)? place = null)
    {
        var audit = new LogAudit(head, older, place);
        foreach (var tile in LogTile.Entries(head.Size))
            if (!audit.Add(File(from, tile), File(from, tile with { Level = 0 }))) break;
        foreach (var tile in LogTile.Hashes(head.Size).Where(tile => tile.Level > 0)) audit.AddTile(tile, File(from, tile));
        ended[audit] = audit.End();
        return audit;
    }

    private static ReadOnlyMemory<byte>? File(Dictionary<string, byte[]> from, LogTile tile)
    {
        if (from.TryGetValue(tile.Path, out var exact)) return exact;
        // A narrower tile is the beginning of a wider one.
        var wider = from.Keys.FirstOrDefault(path => path.StartsWith((tile with { Count = 256 }).Path, StringComparison.Ordinal) && LogTile.TryParse(path, out var other) && other.Count > tile.Count && other.Level == tile.Level);
        if (wider is null) return null;
        return tile.Level is null ? EntryBundle.Encode([.. EntryBundle.Decode(from[wider]).Take(tile.Count)]) : from[wider].AsMemory(0, tile.Count * 32);
    }

    private void Whole(LogAudit audit) => Assert.True(audit.IsWhole, string.Join("\n", ended[audit].Select(finding => finding.Sentence)));

    private string[] Failed(LogAudit audit) => [.. ended[audit].Where(finding => finding.Outcome == Outcome.Fail).Select(finding => finding.Check)];

    private void Wrong(long index, params string[] checks)
    {
        var audit = Run(files, Head);
        Assert.False(audit.IsWhole);
        Assert.Equal(index, audit.FirstWrong);
        Assert.Equal(checks, Failed(audit).Distinct());
    }

    private static Checkpoint HeadOf(int size) => HeadOf(Files(Entries[..size]), size);

    private static Checkpoint HeadOf(Dictionary<string, byte[]> files, int size)
        => new("mesh/log/0", size, new LogRange(0, size).HashOf(node => node.HashOf(files[LogTile.Of(node.Tile.Level, node.Tile.Index, size)!.Value.Path])));

    private static Dictionary<string, byte[]> Files(byte[][] entries)
    {
        var files = LogTile.Entries(entries.Length).ToDictionary(tile => tile.Path, tile => EntryBundle.Encode([.. entries.Skip((int)tile.Index * 256).Take(tile.Count).Select(entry => new ReadOnlyMemory<byte>(entry))]));
        var level = entries.Select(entry =>
        {
            var leaf = new byte[32];
            MerkleTree.HashLeaf(entry, leaf);
            return leaf;
        }).ToArray();
        for (var height = 0; level.Length > 0; height++)
        {
            foreach (var tile in LogTile.Hashes(entries.Length).Where(tile => tile.Level == height)) files[tile.Path] = [.. level.Skip((int)tile.Index * 256).Take(tile.Count).SelectMany(hash => hash)];
            level = [.. Enumerable.Range(0, level.Length / 256).Select(i => LogNode.Fold(files[new LogTile(height, i, 256).Path]))];
        }
        return files;
    }
}
