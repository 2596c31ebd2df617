using TrustMesh.Wire.Log;
using TrustMesh.Wire.Merkle;

namespace TrustMesh.Tests.Wire.Log;

public sealed class LogProofTests
{
    private static readonly byte[][] Leaves = LogSamples.Leaves(70_000);
    private static readonly Func<LogNode, byte[]> Nodes = LogSamples.Nodes(Leaves);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(511)]
    [InlineData(1000)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(66_000)]
    public void A_root_out_of_tiles_is_that_of_the_recursive_definition(int size)
        => Assert.Equal(LogSamples.Root(Leaves.AsSpan(0, size)), Root(size));

    [Fact]
    public void Every_leaf_proves_its_place_and_no_other()
    {
        foreach (var size in (int[])[1, 2, 3, 7, 8, 9, 33])
            for (var index = 0; index < size; index++)
            {
                var path = Hashes(LogProof.Inclusion(index, size));
                for (var place = 0; place < size; place++)
                    Assert.Equal(place == index, MerkleTree.Includes(Root(size), Leaves[index], place, size, path));
            }
        foreach (var index in (int[])[0, 255, 256, 65_535, 65_536, 69_999])
            Assert.True(MerkleTree.Includes(Root(70_000), Leaves[index], index, 70_000, Hashes(LogProof.Inclusion(index, 70_000))));
    }

    [Fact]
    public void Every_size_proves_that_it_begins_with_every_smaller_one()
    {
        for (var newer = 1; newer <= 40; newer++)
            for (var older = 1; older <= newer; older++)
            {
                var path = Hashes(LogProof.Consistency(older, newer));
                Assert.True(MerkleTree.IsConsistent(older, Root(older), newer, Root(newer), path), $"{older} to {newer}");
                Assert.False(MerkleTree.IsConsistent(older, Root(older), newer, Root(newer), [.. path, Samples.Fill(1, 32)]));
                if (older == newer) continue;
                Assert.False(MerkleTree.IsConsistent(older, Samples.Fill(2, 32), newer, Root(newer), path));
                Assert.False(MerkleTree.IsConsistent(older, Root(older), newer, Samples.Fill(3, 32), path));
                Assert.False(MerkleTree.IsConsistent(older, Root(older), newer, Root(newer), [.. path.Skip(1)]));
            }
        foreach (var older in (int[])[1, 255, 256, 257, 65_536, 69_999])
            Assert.True(MerkleTree.IsConsistent(older, Root(older), 70_000, Root(70_000), Hashes(LogProof.Consistency(older, 70_000))));
    }

    [Fact]
    public void A_changed_entry_in_the_past_is_not_consistent()
    {
        var changed = Leaves[..300].ToArray();
        changed[17] = Samples.Fill(4, 32);
        var nodes = LogSamples.Nodes(changed);
        var path = LogProof.Consistency(200, 300).Select(range => new ReadOnlyMemory<byte>(range.HashOf(nodes))).ToList();
        Assert.False(MerkleTree.IsConsistent(200, Root(200), 300, new LogRange(0, 300).HashOf(nodes), path));
    }

    [Fact]
    public void Sizes_that_are_none_are_refused()
    {
        Assert.False(MerkleTree.IsConsistent(0, Root(0), 5, Root(5), []));
        Assert.False(MerkleTree.IsConsistent(6, Root(6), 5, Root(5), []));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogProof.Consistency(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogProof.Inclusion(5, 5));
    }

    private static byte[] Root(int size) => new LogRange(0, size).HashOf(Nodes);

    private static IReadOnlyList<ReadOnlyMemory<byte>> Hashes(IReadOnlyList<LogRange> ranges) => [.. ranges.Select(range => new ReadOnlyMemory<byte>(range.HashOf(Nodes)))];
}
