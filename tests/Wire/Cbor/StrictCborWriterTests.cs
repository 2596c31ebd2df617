using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Wire.Cbor;

public sealed class StrictCborWriterTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(23UL, "17")]
    [InlineData(24UL, "1818")]
    [InlineData(255UL, "18ff")]
    [InlineData(256UL, "190100")]
    [InlineData(65_535UL, "19ffff")]
    [InlineData(65_536UL, "1a00010000")]
    [InlineData(4_294_967_295UL, "1affffffff")]
    [InlineData(4_294_967_296UL, "1b0000000100000000")]
    [InlineData(ulong.MaxValue, "1bffffffffffffffff")]
    public void Integers_take_their_shortest_form(ulong value, string hex)
    {
        var writer = new StrictCborWriter(stackalloc byte[1]);
        writer.WriteUInt("value", value);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.Written));
    }

    [Fact]
    public void Grows_when_its_first_room_is_full()
    {
        var writer = new StrictCborWriter(stackalloc byte[4]);
        writer.WriteBytes("bytes", new byte[1000], 0, 1000);
        writer.WriteKey(-70_001);
        Assert.Equal(1003 + 5, writer.Written.Length);
        Assert.Equal("3a00011170", Convert.ToHexStringLower(writer.Written[^5..]));
    }

    public static TheoryData<string, Action> Unwritable => new()
    {
        { "nonce of 31 bytes", () => (Samples.Challenge with { Nonce = new byte[31] }).Encode() },
        { "deadline 0", () => (Samples.Challenge with { DeadlineSeconds = 0 }).Encode() },
        { "other bank", () => (Samples.Challenge with { Bank = 0x0004 }).Encode() },
        { "no registers", () => (Samples.Challenge with { Pcrs = [] }).Encode() },
        { "a register twice", () => (Samples.Challenge with { Pcrs = [7, 7] }).Encode() },
        { "register 24", () => (Samples.Challenge with { Pcrs = [24] }).Encode() },
        { "capital letters", () => (Samples.EnrolTpm with { Name = "Pump" }).Encode() },
        { "key for a software root", () => (Samples.EnrolSoftware with { AttestationKey = new byte[8] }).Encode() },
        { "nine certificates", () => (Samples.EnrolTpm with { Certificates = [.. Enumerable.Repeat(Samples.EnrolTpm.Certificates[0], 9)] }).Encode() },
        { "credential and nonce", () => (Samples.EnrolChallengeTpm with { Nonce = new byte[32] }).Encode() },
        { "proof of 48 bytes", () => (Samples.ActivateTpm with { Proof = new byte[48] }).Encode() },
        { "batch role in a leaf", () => (Samples.Leaf with { Role = AttesterRole.Batch }).Encode() },
        { "binding without a type", () => (Samples.Leaf with { BindingType = ChannelBindingType.None }).Encode() },
        { "type without a binding", () => (Samples.Leaf with { BindingValue = default }).Encode() },
        { "digest of an absent file", () => (Samples.AbsentEntry with { Digest = new byte[32] }).Encode() },
        { "newline in a name", () => (Samples.FileEntry with { Name = "a\nb" }).Encode() },
        { "lone surrogate", () => (Samples.FileEntry with { Name = "a\ud800" }).Encode() },
        { "negative sequence", () => (Samples.FileEntry with { Sequence = -1 }).Encode() },
        { "quote and token", () => (Samples.Evidence with { Token = Samples.TokenEvidence.Token }).Encode() },
        { "neither quote nor token", () => (Samples.Evidence with { Quote = null }).Encode() },
        { "registers out of order", () => (Samples.Quote with { Values = [Samples.Quote.Values[1], Samples.Quote.Values[0]] }).Encode() },
        { "negative serial", () => (Samples.Policy with { Serial = -1 }).EncodePayload() },
        { "a time before 1970", () => (Samples.Policy with { IssuedAt = -1 }).EncodePayload() },
        { "a time after 9999", () => (Samples.Policy with { ExpiresAt = 253_402_300_800 }).EncodePayload() },
        { "measurement register 16", () => (Samples.Policy with { MeasurementPcr = 16 }).EncodePayload() },
        { "no tier", () => (Samples.Policy with { Tiers = [] }).EncodePayload() },
        { "no reference at all", () => (Samples.References with { Files = new Dictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>>(), Registers = new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>() }).EncodePayload() },
        { "a file without a value", () => (Samples.References with { Files = new Dictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> { ["/a"] = [] } }).EncodePayload() },
        { "65 findings", () => (Samples.Result with { Because = [.. Enumerable.Repeat(Samples.Result.Because[0], 65)] }).EncodePayload() },
        { "category 8", () => (Samples.Result with { Vector = new Dictionary<int, int> { [8] = 2 } }).EncodePayload() },
        { "unknown status", () => (Samples.Result with { Status = (TrustTier)3 }).EncodePayload() },
    };

    [Theory]
    [MemberData(nameof(Unwritable))]
    public void Does_not_write_what_the_reader_would_refuse(string what, Action encode)
    {
        Assert.NotEmpty(what);
        Assert.ThrowsAny<ArgumentException>(encode);
    }
}
