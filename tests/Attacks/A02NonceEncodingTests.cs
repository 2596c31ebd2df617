using TrustMesh.Tests.Wire;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A02: a nonce that is accepted in two encodings can be answered twice. There is one: a byte string of 32 bytes.</summary>
public sealed class A02NonceEncodingTests
{
    [Theory]
    [InlineData(31, "31 bytes, expected 32")]
    [InlineData(33, "33 bytes, expected 32")]
    [InlineData(0, "0 bytes, expected 32")]
    [InlineData(64, "64 bytes, expected 32")]
    public void A02_Refuses_a_nonce_of_another_length(int length, string problem)
    {
        byte[] nonce = [.. CborNode.Head(2, (ulong)length), .. Samples.Fill(1, length)];
        Refused("nonce", problem, ChallengeWith(nonce), b => Challenge.Decode(b));
        Refused("eat_nonce", problem, ClaimsWith(nonce), b => Claims.Decode(b));
        Refused("nonce", problem, LeafWith(nonce), b => ChallengeLeaf.Decode(b));
    }

    [Fact]
    public void A02_Refuses_the_same_32_bytes_with_a_longer_length_field()
    {
        byte[] nonce = [0x59, 0x00, 0x20, .. Samples.Claims.Challenge.Span];
        Refused("eat_nonce", "not the shortest form", ClaimsWith(nonce), b => Claims.Decode(b));
        Refused("nonce", "not the shortest form", ChallengeWith(nonce), b => Challenge.Decode(b));
    }

    [Fact]
    public void A02_Refuses_the_same_32_bytes_in_two_chunks()
    {
        var value = Samples.Claims.Challenge.Span;
        byte[] nonce = [0x5f, 0x50, .. value[..16], 0x50, .. value[16..], 0xff];
        Refused("eat_nonce", "indefinite length", ClaimsWith(nonce), b => Claims.Decode(b));
    }

    [Fact]
    public void A02_Refuses_a_nonce_as_text()
    {
        byte[] nonce = [.. CborNode.Head(3, 64), .. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Samples.Claims.Challenge.Span))];
        Refused("eat_nonce", "a text, expected a byte string", ClaimsWith(nonce), b => Claims.Decode(b));
    }

    /// <summary>EAT allows an array of nonces; then one of them would be ours and the others somebody else's.</summary>
    [Fact]
    public void A02_Refuses_a_list_of_nonces()
    {
        byte[] one = [0x58, 0x20, .. Samples.Claims.Challenge.Span];
        Refused("eat_nonce", "an array, expected a byte string", ClaimsWith([0x82, .. one, .. one]), b => Claims.Decode(b));
    }

    [Fact]
    public void A02_Refuses_a_second_nonce_under_the_same_key()
    {
        var claims = CborNode.Parse(Samples.Claims.Encode());
        var pairs = claims.Children.Chunk(2).Select(pair => (byte[])[.. pair[0].Encode(), .. pair[1].Encode()]).ToArray();
        byte[] twice = [.. CborNode.Head(5, 10), .. pairs.Take(3).Append(pairs[2]).Concat(pairs.Skip(3)).SelectMany(pair => pair)];
        Refused("claims", "keys repeat or are not in order", twice, b => Claims.Decode(b));
    }

    private static byte[] ChallengeWith(byte[] nonce) => Replace(Samples.Challenge.Encode(), root => root.Children[1], nonce);

    private static byte[] ClaimsWith(byte[] nonce) => Replace(Samples.Claims.Encode(), root => root.Children[5], nonce);

    private static byte[] LeafWith(byte[] nonce) => Replace(Samples.Leaf.Encode(), root => root.Children[1], nonce);

    private static byte[] Replace(byte[] sample, Func<CborNode, CborNode> field, byte[] value)
    {
        var root = CborNode.Parse(sample);
        return root.With(field(root), _ => value);
    }

    private static void Refused(string field, string problem, byte[] bytes, Action<byte[]> decode)
    {
        var refused = Assert.Throws<WireException>(() => decode(bytes));
        Assert.Equal((field, problem), (refused.Field, refused.Problem));
    }
}
