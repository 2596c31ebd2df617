using TrustMesh.Tests.Wire;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A28, the part that is the parser's: how many patterns a policy may bring, and how long each may be.</summary>
public sealed class A28PatternLimitTests
{
    [Fact]
    public void A28_Reads_256_patterns_of_255_bytes()
    {
        var policy = Samples.Policy with { MayChange = [.. Enumerable.Repeat(new string('a', 255), 256)] };
        Assert.Equal(256, Policy.DecodePayload(policy.EncodePayload()).MayChange.Count);
    }

    [Fact]
    public void A28_Refuses_a_policy_with_257_patterns()
        => Refused("patterns", "257 items, 0 to 256 allowed", [.. CborNode.Head(4, 257), .. Enumerable.Repeat("aa"u8.ToArray(), 257).SelectMany(text => (byte[])[0x62, .. text])]);

    [Fact]
    public void A28_Refuses_a_pattern_of_256_bytes()
        => Refused("pattern", "256 bytes, 1 to 255 allowed", [0x81, .. CborNode.Head(3, 256), .. new string('a', 256).Select(c => (byte)c)]);

    [Fact]
    public void A28_Refuses_an_empty_pattern() => Refused("pattern", "0 bytes, 1 to 255 allowed", [0x81, 0x60]);

    [Fact]
    public void A28_Refuses_a_pattern_with_a_control_character() => Refused("pattern", "control character", [0x81, 0x63, (byte)'/', 0x0a, (byte)'*']);

    [Fact]
    public void A28_Refuses_to_write_what_it_would_not_read()
    {
        Assert.Throws<ArgumentException>(() => (Samples.Policy with { MayChange = [.. Enumerable.Repeat("/a", 257)] }).EncodePayload());
        Assert.Throws<ArgumentException>(() => (Samples.Policy with { MayChange = [new string('a', 256)] }).EncodePayload());
    }

    private static void Refused(string field, string problem, byte[] patterns)
    {
        var policy = CborNode.Parse(Samples.Policy.EncodePayload());
        var body = policy.Children[^1];
        var refused = Assert.Throws<WireException>(() => Policy.DecodePayload(policy.With(body.Children[15], _ => patterns)));
        Assert.Equal((field, problem), (refused.Field, refused.Problem));
    }
}
