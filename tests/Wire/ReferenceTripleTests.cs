using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Wire;

/// <summary>The order of reference triples: one set of values has one encoding. Triples of the sample: PCR 0, PCR 7 twice, a file twice, a file.</summary>
public sealed class ReferenceTripleTests
{
    private static CborNode Corim { get; } = CborNode.Parse(Samples.References.EncodePayload());

    private static CborNode Tag { get; } = Corim.Children[0].Children[3].Children[0].Children[0];

    private static CborNode Comid { get; } = CborNode.Parse(Tag.Content);

    private static CborNode Triples { get; } = Comid.Children[3].Children[1];

    [Fact]
    public void The_sample_in_its_own_order_is_read() => Assert.Equal(2, Decode([0, 1, 2, 3, 4, 5]).Files.Count);

    [Theory]
    [InlineData(new[] { 1, 2, 0, 3, 4, 5 }, "triples are not in order")]
    [InlineData(new[] { 3, 4, 5, 0, 1, 2 }, "triples are not in order")]
    [InlineData(new[] { 0, 1, 2, 5, 3, 4 }, "triples are not in order")]
    [InlineData(new[] { 0, 2, 1, 3, 4, 5 }, "values repeat or are not in order")]
    [InlineData(new[] { 0, 1, 2, 4, 3, 5 }, "values repeat or are not in order")]
    [InlineData(new[] { 0, 0, 1, 2, 3, 4, 5 }, "values repeat or are not in order")]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5, 5 }, "values repeat or are not in order")]
    [InlineData(new int[0], "0 items, 1 to 1048576 allowed")]
    public void Any_other_order_is_refused(int[] order, string problem)
        => Assert.Equal(problem, Assert.Throws<WireException>(() => Decode(order)).Problem);

    [Fact]
    public void Triples_of_two_models_are_refused()
    {
        var model = Triples.Children[5].Children[0].Children[1].Children[3];
        var refused = Assert.Throws<WireException>(() => Decode(Comid.With(model, _ => [0x61, (byte)'x'])));
        Assert.Equal(("model", "differs from the triple before"), (refused.Field, refused.Problem));
    }

    [Fact]
    public void Two_digests_in_one_triple_are_refused()
    {
        // CoRIM: the same algorithm twice in one list matches nothing.
        var digests = Triples.Children[5].Children[1].Children[0].Children[3].Children[1];
        var one = digests.Children[0].Encode();
        var refused = Assert.Throws<WireException>(() => Decode(Comid.With(digests, _ => [0x82, .. one, .. one])));
        Assert.Equal(("digests", "2 items, expected 1"), (refused.Field, refused.Problem));
    }

    [Fact]
    public void A_digest_of_another_algorithm_is_refused()
    {
        var algorithm = Triples.Children[0].Children[1].Children[0].Children[1].Children[1].Children[1].Children[0].Children[0];
        var refused = Assert.Throws<WireException>(() => Decode(Comid.With(algorithm, _ => [0x07])));
        Assert.Equal(("digest algorithm", "7, at most 1"), (refused.Field, refused.Problem));
    }

    private static ReferenceValues Decode(int[] order)
        => Decode(Comid.With(Triples, _ => [.. CborNode.Head(4, (ulong)order.Length), .. order.SelectMany(i => Triples.Children[i].Encode())]));

    private static ReferenceValues Decode(byte[] comid)
        => ReferenceValues.DecodePayload(Corim.With(Tag, _ => [.. CborNode.Head(2, (ulong)comid.Length), .. comid]), Samples.References.Meta);
}
