using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Measured;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust;

public sealed class TwinRegisterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_proof_brings_its_registers_and_another_attestation_key_takes_them_away()
    {
        using var bench = new TwinBench();
        bench.Measure("/a");
        var enrolled = Enrolled(bench);
        var quote = new byte[64];
        quote[32] = 7;
        var proven = TwinTransition.Accept(enrolled, Quoting(bench.Evidence(enrolled), new(0, quote.AsMemory(0, 32)), new(7, quote.AsMemory(32, 32))), bench.Time.GetUtcNow()).State;
        // A copy of its own: nobody keeps the evidence for 32 bytes of it.
        quote[32] = 0;
        Assert.Equal([(0, 0), (7, 7)], proven.Registers.Select(register => (register.Index, (int)register.Value.Span[0])));
        Assert.Equal(3, MeasuredKeys.Count(DeviceEntry.Of(proven).Measured.Span));
        var again = TwinTransition.Accept(proven, Quoting(bench.Evidence(proven), [.. proven.Registers]), bench.Time.GetUtcNow()).State;
        Assert.True(again.Registers == proven.Registers);
        Assert.Empty(TwinTransition.Accept(proven, Quoting(bench.Evidence(proven)), bench.Time.GetUtcNow()).State.Registers);
        Assert.Empty(TwinTransition.Enrol(proven, new(bench.NewEnrolment() with { Endorsement = "another" }, true), Now).State.Registers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_state_with_registers_reads_back_and_one_without_is_what_it_always_was(int tags)
    {
        using var bench = new TwinBench();
        var bare = Enrolled(bench) with { Tags = [.. new[] { "lab", "prod" }.Take(tags)] };
        var state = bare with { Registers = [Pcr(1, 0xaa), Pcr(7, 0xbb)] };
        var bytes = TwinStateCodec.Encode(state);
        var read = TwinStateCodec.Decode(bytes, 3);
        Assert.Equal(bytes, TwinStateCodec.Encode(read));
        Assert.Equal([(1, 0xaa), (7, 0xbb)], read.Registers.Select(register => (register.Index, (int)register.Value.Span[31])));
        Assert.Equal(bare.Tags, read.Tags);
        Assert.True(bytes.AsSpan().IndexOf("tm-twin/4"u8) > 0 && TwinStateCodec.Encode(bare).AsSpan().IndexOf(tags == 0 ? "tm-twin/2"u8 : "tm-twin/3"u8) > 0);
        // A43: every cut of it is no state, and neither is one whose registers are out of order, doubled, beyond the bank, or none.
        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Throws<WireException>(() => TwinStateCodec.Decode(bytes.AsMemory(0, length), 3)));
        foreach (var (at, value) in new (int, byte)[] { (bytes.Length - 35, 1), (bytes.Length - 35, 0), (bytes.Length - 71, 7), (bytes.Length - 35, 0x18), (bytes.Length - 73, 0x80) })
        {
            byte[] wrong = [.. bytes];
            Assert.NotEqual(value, wrong[at]);
            wrong[at] = value;
            Assert.Throws<WireException>(() => TwinStateCodec.Decode(wrong, 3));
        }
    }

    private static PcrValue Pcr(int index, byte fill) => new(index, Enumerable.Repeat(fill, 32).ToArray());

    private static TwinState Enrolled(TwinBench bench) => TwinTransition.Enrol(null, new(bench.Enrolment, true), Now).State;

    /// <summary>As if a TPM had quoted these.</summary>
    private static VerifiedEvidence Quoting(VerifiedEvidence evidence, params PcrValue[] registers) => new()
    {
        Device = evidence.Device, EnrolmentId = evidence.EnrolmentId, Before = evidence.Before, After = evidence.After, Appended = evidence.Appended, Verdict = evidence.Verdict,
        Claims = evidence.Claims, Registers = registers, Bytes = evidence.Bytes, Asked = evidence.Asked,
    };
}
