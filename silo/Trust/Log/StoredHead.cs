using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Log;
using TrustMesh.Wire.Merkle;

namespace TrustMesh.Trust.Log;

/// <summary>
/// The one row of a log that changes: the signed checkpoint, and all of the tree that is in no full tile yet. From its hashes every other row is found:
/// full tiles are stored under the hash above them.
/// </summary>
/// <param name="Note">The checkpoint, signed (PROTOCOL.md section 18).</param>
/// <param name="SignedAt">Whole milliseconds.</param>
/// <param name="Tail">Entries after the last full tile of entries, at most 255.</param>
/// <param name="Uppers">From level 1 up, of each level the hashes after its last full tile, at most 255 in a row; the last is not empty.</param>
public sealed record StoredHead(ReadOnlyMemory<byte> Note, DateTimeOffset SignedAt, IReadOnlyList<ReadOnlyMemory<byte>> Tail, IReadOnlyList<ReadOnlyMemory<byte>> Uppers)
{
    private const string Format = "tm-head/1";
    private const int Largest = 1024 * 1024, Partial = LogTile.Width - 1;

    private readonly Lazy<byte[]> leaves = new(() => HashLeaves(Tail));

    /// <summary>What the note says. Who signed it is not checked here: see <see cref="LogWriter"/>, and any reader's own verifier.</summary>
    public Checkpoint Checkpoint { get; } = Checkpoint.Decode(SignedNote.Decode(Note).Text);

    public long Size => Checkpoint.Size;

    /// <summary>Hashes after the last full tile of a level, 32 bytes each in a row.</summary>
    public ReadOnlyMemory<byte> PartialTile(int level) => level == 0 ? leaves.Value : level <= Uppers.Count ? Uppers[level - 1] : default;

    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[4096]);
        writer.WriteArray(5);
        writer.WriteText("format", Format);
        writer.WriteBytes("note", Note, 1, Caps.Note);
        writer.WriteInt64("signed at", SignedAt.ToUnixTimeMilliseconds(), 0, Caps.LatestTime * 1000);
        writer.WriteBytes("tail", EntryBundle.Encode(Tail), 0, Largest);
        writer.WriteArray("levels", Uppers.Count, 0, LogTile.Levels - 1);
        foreach (var level in Uppers) writer.WriteBytes("level", level, 0, Partial * Caps.Hash);
        return writer.ToArray("log head", Largest);
    }

    /// <summary>Reads the one encoding of a head whose parts fit together and lead to its root; throws <see cref="WireException"/> for anything else.</summary>
    public static StoredHead Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "log head", Largest);
        reader.ReadArray("log head", 5);
        reader.ReadFixed("format", Format);
        var note = reader.ReadBytes("note", 1, Caps.Note);
        var at = DateTimeOffset.FromUnixTimeMilliseconds((long)reader.ReadUInt("signed at", (ulong)Caps.LatestTime * 1000));
        var tail = EntryBundle.Decode(reader.ReadBytes("tail", 0, Largest));
        var uppers = new ReadOnlyMemory<byte>[reader.ReadArray("levels", 0, LogTile.Levels - 1)];
        for (var i = 0; i < uppers.Length; i++) uppers[i] = reader.ReadBytes("level", 0, Partial * Caps.Hash);
        reader.End("log head");
        var head = new StoredHead(note, at, tail, uppers);
        for (var level = 0; level < LogTile.Levels; level++)
            if (head.PartialTile(level).Length != (head.Size >> (LogTile.Height * level)) % LogTile.Width * Caps.Hash)
                throw new WireException("log head", 0, $"level {level} has {head.PartialTile(level).Length} bytes, which is not what a log of {head.Size} entries has");
        return head.Root().AsSpan().SequenceEqual(head.Checkpoint.Root.Span) ? head : throw new WireException("log head", 0, "its hashes do not lead to its root");
    }

    /// <summary>Leaf hashes of entries, in a row.</summary>
    internal static byte[] HashLeaves(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var hashes = new byte[entries.Count * Caps.Hash];
        for (var i = 0; i < entries.Count; i++) MerkleTree.HashLeaf(entries[i].Span, hashes.AsSpan(i * Caps.Hash, Caps.Hash));
        return hashes;
    }

    /// <summary>A root over what has no full tile above it.</summary>
    internal static byte[] RootOf(long size, Func<int, ReadOnlyMemory<byte>> partial) => new LogRange(0, size).HashOf(node => node.HashOf(partial(node.Tile.Level).Span));

    private byte[] Root() => RootOf(Size, PartialTile);
}
