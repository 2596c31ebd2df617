using TrustMesh.Wire.Log;
using TrustMesh.Wire.Merkle;

namespace TrustMesh.Tests.Wire.Log;

/// <summary>One value of each format of the log, and a whole tree to hold proofs against.</summary>
public static class LogSamples
{
    public static MeshLogEntry Entry { get; } = new(1_790_000_000_123, 5, Samples.Device, "pump-07", "stolen from the depot", "ann", 12);

    public static MeshLogEntry MeshEntry { get; } = new(1_790_000_001_000, 9, null, "", "policy 4 in force", "ann", 0);

    public static byte[] Bundle { get; } = EntryBundle.Encode([Entry.Encode(), MeshEntry.Encode()]);

    public static Checkpoint Checkpoint { get; } = new("mesh-north/log/0", 20_852_163, Samples.Fill(50, 32));

    public static SignedNote Note { get; } = new(Checkpoint.Encode(),
    [
        new("mesh-north/log/0", Samples.Fill(51, 4), DerSignature.Encode(Samples.Fill(37, 64))),
        new("witness.example/ä", Samples.Fill(52, 4), Samples.Fill(53, 72)),
    ]);

    /// <summary>Leaf hashes that look like nothing.</summary>
    public static byte[][] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var hash = new byte[32];
        MerkleTree.HashLeaf(System.Text.Encoding.ASCII.GetBytes($"entry {i}"), hash);
        return hash;
    })];

    /// <summary>Hashes of nodes of that tree, by way of its tiles: what a log has.</summary>
    public static Func<LogNode, byte[]> Nodes(byte[][] leaves)
    {
        var tiles = new Dictionary<(int, long), byte[]>();
        var level = leaves;
        for (var height = 0; level.Length > 0; height++)
        {
            for (var i = 0; i * 256 < level.Length; i++) tiles[(height, i)] = [.. level.Skip(i * 256).Take(256).SelectMany(hash => hash)];
            level = [.. Enumerable.Range(0, level.Length / 256).Select(i => LogNode.Fold(tiles[(height, i)]))];
        }
        return node => node.HashOf(tiles[node.Tile]);
    }

    /// <summary>The recursive definition of RFC 6962 2.1, written down here a second time.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0) return System.Security.Cryptography.SHA256.HashData([]);
        if (leaves.Length == 1) return leaves[0];
        var split = 1;
        while (split * 2 < leaves.Length) split *= 2;
        return System.Security.Cryptography.SHA256.HashData([1, .. Root(leaves[..split]), .. Root(leaves[split..])]);
    }
}
