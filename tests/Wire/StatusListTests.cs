using System.IO.Compression;
using TrustMesh.Wire;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Wire;

public sealed class StatusListTests
{
    [Fact]
    public void An_entry_is_what_was_put_there_and_its_neighbours_are_valid()
    {
        var list = StatusList.DecodePayload(PeerSamples.Status.EncodePayload());
        Assert.Equal([StatusValue.Valid, StatusValue.Invalid, StatusValue.Valid], new[] { list.At(0), list.At(1), list.At(2) }.Select(value => value!.Value));
        Assert.Equal((StatusValue.Suspended, StatusValue.Invalid), (list.At(7), list.At(1023)));
        Assert.Equal(1024, list.Count);
    }

    [Theory, InlineData(-1), InlineData(1024), InlineData(long.MaxValue)]
    public void An_index_beyond_the_list_is_no_answer_and_never_valid(long index) => Assert.Null(PeerSamples.Status.At(index));

    [Fact]
    public void A_value_of_more_than_two_bits_is_not_valid()
        => Assert.Equal(StatusValue.Application, (PeerSamples.Status with { Bits = 8, Entries = new byte[] { 0, 200 } }).At(1));

    [Fact]
    public void A42_Refuses_a_list_that_inflates_without_end()
    {
        var bomb = Deflate(new byte[Caps.StatusListInflated + 1]);
        Assert.True(bomb.Length < 16 * 1024);
        var refused = Assert.Throws<WireException>(() => StatusList.DecodePayload((PeerSamples.Status with { Packed = bomb }).EncodePayload()));
        Assert.Equal(("lst", $"more than {Caps.StatusListInflated} bytes when inflated"), (refused.Field, refused.Problem));
        Assert.Equal(Caps.StatusListInflated, StatusList.Inflate(Deflate(new byte[Caps.StatusListInflated])).Length);
    }

    [Fact]
    public void Refuses_what_is_no_zlib_stream_and_what_is_empty()
    {
        Assert.Equal("lst", Assert.Throws<WireException>(() => StatusList.Inflate(new byte[] { 1, 2, 3, 4 })).Field);
        Assert.Equal("an empty list", Assert.Throws<WireException>(() => StatusList.Inflate(Deflate([]))).Problem);
    }

    [Fact]
    public void Revoked_devices_cost_little_room()
    {
        // Of 100,000 devices one in a hundred: the draft gives 1.4 KB for one bit; two bits may cost twice that.
        var random = new Random(1);
        var revoked = Enumerable.Range(0, 1_000).Select(_ => (long)random.Next(100_000)).Distinct().ToDictionary(index => index, _ => StatusValue.Invalid);
        var list = PeerSamples.Status with { Entries = StatusList.Pack(revoked, 100_000) };
        Assert.InRange(list.EncodePayload().Length, 500, 4_000);
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var deflater = new ZLibStream(output, CompressionLevel.SmallestSize, leaveOpen: true)) deflater.Write(bytes);
        return output.ToArray();
    }
}
