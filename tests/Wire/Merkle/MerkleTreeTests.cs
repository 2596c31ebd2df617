using System.Security.Cryptography;
using System.Text;
using TrustMesh.Wire.Merkle;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Wire.Merkle;

public sealed class MerkleTreeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    public void Every_leaf_proves_itself_and_no_other_place(int size)
    {
        var leaves = Leaves(size);
        var batch = new MerkleBatch(leaves);
        for (var index = 0; index < size; index++)
        {
            var path = batch.Prove(index);
            for (var place = 0; place < size; place++)
                Assert.Equal(place == index, MerkleTree.Includes(batch.Root.Span, leaves[index].Span, place, size, path));
            Assert.False(MerkleTree.Includes(batch.Root.Span, leaves[index].Span, index, size, [.. path, Samples.Fill(1, 32)]));
            if (path.Count > 0) Assert.False(MerkleTree.Includes(batch.Root.Span, leaves[index].Span, index, size, [.. path.Skip(1)]));
        }
    }

    /// <summary>Against the recursive definition of RFC 6962 2.1, written down here a second time.</summary>
    [Fact]
    public void Roots_are_those_of_the_recursive_definition()
    {
        for (var size = 1; size <= 40; size++) Assert.Equal(Root(Leaves(size)), new MerkleBatch(Leaves(size)).Root.ToArray());
    }

    [Fact]
    public void The_only_leaf_is_the_challenge()
    {
        var batch = new MerkleBatch([Samples.Leaf.LeafHash()]);
        Assert.Equal(Samples.Leaf.LeafHash(), batch.Root.ToArray());
        Assert.Empty(batch.Prove(0));
    }

    [Fact]
    public void A_leaf_hash_and_the_extra_data_are_what_PROTOCOL_says()
    {
        byte[] leaf = [0, .. Samples.Leaf.Encode()];
        Assert.Equal(SHA256.HashData(leaf), Samples.Leaf.LeafHash());
        byte[] challenge = Samples.Fill(1, 32), claims = Samples.Fill(2, 200);
        byte[] label = [0x67, .. "tm-ev/1"u8];
        Assert.Equal(
            SHA256.HashData([0x84, .. label, 0x02, 0x58, 0x20, .. challenge, 0x58, 0x20, .. SHA256.HashData(claims)]),
            ChallengeLeaf.QuoteExtraData(AttesterRole.Batch, challenge, claims));
        Assert.Equal(SHA256.HashData([0x83, .. label, 0x01, 0x58, 0x20, .. challenge]), ChallengeLeaf.TokenExtraData(AttesterRole.TlsServer, challenge));
    }

    [Fact]
    public void A_register_is_extended_by_the_hash_of_an_entry()
    {
        var register = new byte[32];
        MeasurementRegister.ExtendEntry(register, Samples.FileEntry.Encode());
        Assert.Equal(SHA256.HashData([.. new byte[32], .. SHA256.HashData(Samples.FileEntry.Encode())]), register);
    }

    private static ReadOnlyMemory<byte>[] Leaves(int count)
        => [.. Enumerable.Range(0, count).Select(i => new ReadOnlyMemory<byte>(SHA256.HashData(Encoding.ASCII.GetBytes($"leaf {i}"))))];

    private static byte[] Root(ReadOnlySpan<ReadOnlyMemory<byte>> leaves)
    {
        if (leaves.Length == 1) return leaves[0].ToArray();
        var split = 1;
        while (split * 2 < leaves.Length) split *= 2;
        return SHA256.HashData([1, .. Root(leaves[..split]), .. Root(leaves[split..])]);
    }
}
