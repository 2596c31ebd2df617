using TrustMesh.Tests.Parts;
using TrustMesh.Tests.Wire;
using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Vectors;

/// <summary>
/// EAT, EAR, CMW and CoRIM examples of others. They are of other profiles, so our readers refuse each, for the named reason; where they
/// are deterministic CBOR, the layer below reads every byte of them.
/// </summary>
public sealed class EatVectorTests
{
    [Fact]
    public void The_strict_reader_reads_the_minimal_claims_of_RFC_9711() => Skip(Eat("minimal.cbor"));

    [Theory]
    [InlineData("simple.cbor")]
    [InlineData("valid_hw_block.cbor")]
    [InlineData("valid_hw_block2.cbor")]
    [InlineData("valid_key_store.cbor")]
    public void The_strict_reader_refuses_examples_written_in_reading_order_and_reads_them_once_their_keys_are_sorted(string file)
    {
        Assert.Equal("keys repeat or are not in order", Assert.Throws<WireException>(() => Skip(Eat(file))).Problem);
        Skip(CborNode.Parse(Eat(file)).EncodeSorted());
    }

    [Theory]
    [InlineData("minimal.cbor", "iat", "missing: claims has no key 6 here")]
    [InlineData("valid_hw_block.cbor", "iat", "missing: claims has no key 6 here")]
    [InlineData("valid_hw_block2.cbor", "iat", "missing: claims has no key 6 here")]
    [InlineData("valid_cwt.cbor", "claims", "a tag, expected a map")]
    [InlineData("valid_deb.cbor", "claims", "a tag, expected a map")]
    public void Claims_of_another_profile_lack_what_ours_requires(string file, string field, string problem)
    {
        var refused = Assert.Throws<WireException>(() => Claims.Decode(Eat(file)));
        Assert.Equal((field, problem), (refused.Field, refused.Problem));
    }

    [Fact]
    public void Our_claims_with_those_of_RFC_9711_besides_are_read()
    {
        // oemboot, dbgstat, intuse: claims of the RFC that our profile does not use, spliced between ours.
        var ours = CborNode.Parse(Samples.Claims.Encode());
        var pairs = ours.Children.Chunk(2).Select(pair => (byte[])[.. pair[0].Encode(), .. pair[1].Encode()]).ToList();
        pairs.Insert(5, [0x19, 0x01, 0x06, 0xf5]);
        pairs.Insert(6, [0x19, 0x01, 0x07, 0x03]);
        pairs.Add([0x19, 0x01, 0x13, 0x01]);
        byte[] bytes = [.. CborNode.Head(5, (ulong)pairs.Count), .. pairs.SelectMany(pair => pair)];
        Assert.Equal(Samples.Claims.Encode(), Claims.Decode(bytes).Encode());
    }

    [Theory]
    [InlineData("ear-cbor-1.cbor")]
    [InlineData("ext-veraison-cbor-1.cbor")]
    public void The_example_EARs_lack_the_expiry_our_profile_requires(string file)
    {
        var bytes = File.ReadAllBytes(Repository.Vector("ietf-rats-wg-draft-ietf-rats-ear", file));
        var refused = Assert.Throws<WireException>(() => AttestationResult.DecodePayload(bytes));
        Assert.Equal(("exp", "missing: result has no key 4 here"), (refused.Field, refused.Problem));
    }

    /// <summary>Our EAR against the draft's example: the same keys, in the same places, mean the same things.</summary>
    [Fact]
    public void Our_EAR_has_the_structure_of_the_example()
    {
        var example = CborNode.Parse(File.ReadAllBytes(Repository.Vector("ietf-rats-wg-draft-ietf-rats-ear", "ear-cbor-1.cbor")));
        var ours = CborNode.Parse(Samples.Result.EncodePayload());
        Assert.Equal(Value(example, 265).Content, Value(ours, 265).Content);
        Assert.Equal([0UL, 1UL], Keys(Value(ours, 1004)));
        Assert.Equal(Keys(Value(example, 1004)), Keys(Value(ours, 1004)));
        CborNode theirAppraisal = Value(example, 266).Children[1], ourAppraisal = Value(ours, 266).Children[1];
        Assert.Equal(Keys(theirAppraisal), Keys(ourAppraisal));
        Assert.Equal(Value(theirAppraisal, 1000).Argument, Value(ourAppraisal, 1000).Argument);
        Assert.Equal(Value(theirAppraisal, 1003).Children[0].Major, Value(ourAppraisal, 1003).Children[0].Major);
    }

    [Theory]
    [InlineData("unsigned-good-corim.cbor", "comid", "4 pairs, 0 to 2 allowed")]
    [InlineData("unsigned-corim-with-extensions.cbor", "corim", "4 pairs, 0 to 2 allowed")]
    [InlineData("corim-2.cbor", "corim id", "a byte string, expected a text")]
    public void A_CoRIM_of_another_vendor_is_refused(string file, string field, string problem)
    {
        var bytes = File.ReadAllBytes(Repository.Vector("veraison-corim", "corim", file));
        var refused = Assert.Throws<WireException>(() => ReferenceValues.DecodePayload(bytes, Samples.References.Meta));
        Assert.Equal((field, problem), (refused.Field, refused.Problem));
    }

    [Fact]
    public void A_CMW_collection_of_another_type_is_no_evidence()
    {
        var refused = Assert.Throws<WireException>(() => Evidence.Decode(File.ReadAllBytes(Repository.Vector("veraison-cmw", "collection-cbor-ok.cbor"))));
        Assert.Equal(("evidence", "unknown key, or a key out of its place"), (refused.Field, refused.Problem));
    }

    private static CborNode Value(CborNode map, ulong key) => map.Children.Chunk(2).Single(pair => pair[0].Major == 0 && pair[0].Argument == key)[1];

    private static IEnumerable<ulong> Keys(CborNode map) => map.Children.Chunk(2).Select(pair => pair[0].Argument);

    private static byte[] Eat(string file) => File.ReadAllBytes(Repository.Vector("ietf-rats-wg-eat", file));

    private static void Skip(byte[] bytes)
    {
        byte[] within = [0xa1, 0x00, .. bytes];
        var reader = new StrictCborReader(within, "vector", 1 << 16);
        var map = reader.ReadMap("vector", 1, open: true);
        reader.EndMap(ref map);
        reader.End("vector");
    }
}
