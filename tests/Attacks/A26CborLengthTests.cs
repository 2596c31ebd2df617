using TrustMesh.Tests.Wire;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A26: huge, zero, negative and overlapping sizes in our CBOR formats. Nothing is allocated for a size that was only claimed.</summary>
public sealed class A26CborLengthTests
{
    /// <summary>What a refusal may cost: the exception, its stack trace and its text.</summary>
    private const long Refusal = 64 * 1024;

    [Theory]
    [InlineData(1UL << 14, "16384 items announced, 1 bytes left")]
    [InlineData((1UL << 14) + 1, "16385 items, 0 to 16384 allowed")]
    [InlineData(1UL << 31, "2147483648 items, 0 to 16384 allowed")]
    [InlineData(1UL << 63, "9223372036854775808 items, 0 to 16384 allowed")]
    [InlineData(ulong.MaxValue, "18446744073709551615 items, 0 to 16384 allowed")]
    public void A26_Refuses_a_log_that_only_claims_to_be_long(ulong count, string problem)
        => Refused("entries", problem, [0x83, 0x07, 0x00, .. CborNode.Head(4, count), 0x41], bytes => LogTail.Decode(bytes));

    [Theory]
    [InlineData(0UL, "0 bytes, 1 to 384 allowed")]
    [InlineData(385UL, "385 bytes, 1 to 384 allowed")]
    [InlineData(ulong.MaxValue, "18446744073709551615 bytes, 1 to 384 allowed")]
    [InlineData(384UL, "384 bytes announced, 1 bytes left")]
    public void A26_Refuses_an_entry_whose_length_is_not_its_own(ulong length, string problem)
        => Refused("entry", problem, [0x83, 0x07, 0x00, 0x81, .. CborNode.Head(2, length), 0x00], bytes => LogTail.Decode(bytes));

    [Fact]
    public void A26_Refuses_a_negative_count()
        => Refused("from", "a negative integer, expected an unsigned integer", [0x83, 0x07, 0x20, 0x80], bytes => LogTail.Decode(bytes));

    [Theory]
    [InlineData(1UL << 31)]
    [InlineData(1UL << 32)]
    [InlineData(ulong.MaxValue)]
    public void A26_Refuses_a_position_that_does_not_fit(ulong from)
        => Refused("from", $"{from}, at most 2147483647", [0x83, 0x07, .. CborNode.Head(0, from), 0x80], bytes => LogTail.Decode(bytes));

    [Fact]
    public void A26_Refuses_a_nested_structure_that_reaches_over_its_container()
    {
        var evidence = CborNode.Parse(Samples.Evidence.Encode());
        // The log record's byte string, made one byte shorter: the structure inside now ends outside of it.
        var log = evidence.Children[3].Children[1];
        Refused(
            "entry", "51 bytes announced, 50 bytes left",
            evidence.With(log, _ => [.. CborNode.Head(2, (ulong)log.Content.Length - 1), .. log.Content[..^1]]), bytes => Evidence.Decode(bytes));
    }

    [Fact]
    public void A26_Refuses_a_nested_structure_that_is_followed_by_more()
    {
        var evidence = CborNode.Parse(Samples.Evidence.Encode());
        var proof = evidence.Children[5].Children[1];
        Refused(
            "proof", "1 bytes after the end",
            evidence.With(proof, _ => [.. CborNode.Head(2, (ulong)proof.Content.Length + 1), .. proof.Content, 0]), bytes => Evidence.Decode(bytes));
    }

    [Fact]
    public void A26_Refuses_an_empty_nested_structure()
    {
        var evidence = CborNode.Parse(Samples.Evidence.Encode());
        Refused("quote", "0 bytes, 1 to 16384 allowed", evidence.With(evidence.Children[7].Children[1], _ => [0x40]), bytes => Evidence.Decode(bytes));
    }

    [Fact]
    public void A26_Refuses_a_map_that_claims_more_pairs_than_there_are_bytes()
    {
        byte[] bytes = [.. CborNode.Head(5, 60), .. Samples.Claims.Encode()[1..41]];
        Refused("claims", "60 pairs announced, 40 bytes left", bytes, b => Claims.Decode(b));
    }

    [Fact]
    public void A26_Refuses_a_chain_that_claims_a_thousand_million_certificates()
    {
        byte[] bytes = [0xd2, 0x84, 0x43, 0xa1, 0x01, 0x26, 0xa1, 0x18, 0x21, .. CborNode.Head(4, 1_000_000_000)];
        Refused("x5chain", "1000000000 items, 2 to 8 allowed", bytes, b => CoseSign1.Decode(b));
    }

    [Fact]
    public void A26_Refuses_nesting_that_would_exhaust_the_stack()
    {
        byte[] deep = [.. Enumerable.Repeat((byte)0x81, 4000), 0x00];
        byte[] bytes = [.. CborNode.Head(5, 1), 0x00, .. deep];
        Refused("claims", "nested deeper than 16", bytes, b => Claims.Decode(b));
    }

    [Fact]
    public void A26_Refuses_bodies_over_their_caps_before_reading_them()
    {
        Refused("evidence", "2097153 bytes, at most 2097152", new byte[Caps.Evidence + 1], bytes => Evidence.Decode(bytes));
        Refused("EnrolRequest", "65537 bytes, at most 65536", new byte[Caps.EnrolRequest + 1], bytes => EnrolRequest.Decode(bytes));
        Refused("ChallengeRequest", "16385 bytes, at most 16384", new byte[Caps.Body + 1], bytes => ChallengeRequest.Decode(bytes));
        Refused("COSE_Sign1", "1048577 bytes, at most 1048576", new byte[Caps.Statement + 1], bytes => CoseSign1.Decode(bytes));
    }

    private static void Refused(string field, string problem, byte[] bytes, Action<byte[]> decode)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<WireException>(() => decode(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Refusal);
        Assert.Equal((field, problem), (refused.Field, refused.Problem));
    }
}
