using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A20: counters and clock of one key only go forward. The case's TPM says boot 7, restart 0, clock 1,000,000 ms.</summary>
public sealed class A20CounterTests
{
    private static AttesterState Before(uint boot, uint restart = 0, ulong clock = 0) => AttesterState.None with { Boot = boot, RestartCount = restart, Clock = clock };

    [Fact]
    public void A20_Rejects_a_resetCount_that_went_back() => new EvidenceCase { Before = Before(8) }.IsRefusedBy("counter.reset");

    [Fact]
    public void A20_Rejects_a_restartCount_that_went_back() => new EvidenceCase { Before = Before(7, restart: 1) }.IsRefusedBy("counter.restart");

    [Fact]
    public void A20_A_restartCount_starts_over_at_a_reset() => new EvidenceCase { Before = Before(6, restart: 4) }.IsJudged(TrustTier.Affirming);

    [Fact]
    public void A20_Rejects_a_clock_that_went_back() => new EvidenceCase { Before = Before(7, clock: 1_000_001) }.IsRefusedBy("clock.back");

    [Fact]
    public void A20_Rejects_a_clock_that_says_it_is_safe_and_went_back_over_a_reset() => new EvidenceCase { Before = Before(6, clock: 1_000_001) }.IsRefusedBy("clock.back");

    [Fact]
    public void A20_Accepts_the_same_moment_twice() => new EvidenceCase { Before = Before(7, clock: 1_000_000) }.IsJudged(TrustTier.Affirming);

    [Fact]
    public void A20_An_unsafe_clock_is_a_warning()
        => new EvidenceCase { Attest = quote => quote with { Safe = 0 } }.IsJudged(TrustTier.Warning, "clock.safe");

    [Fact]
    public void A20_An_unsafe_clock_may_stand_back_after_a_reset()
        => new EvidenceCase { Attest = quote => quote with { Safe = 0 }, Before = Before(6, clock: 1_000_001) }.IsJudged(TrustTier.Warning, "clock.safe");

    [Fact]
    public void A20_An_unsafe_clock_does_not_go_back_within_one_run()
        => new EvidenceCase { Attest = quote => quote with { Safe = 0 }, Before = Before(7, clock: 1_000_001) }.IsRefusedBy("clock.back", "clock.safe");

    [Fact]
    public void A20_Remembers_what_was_signed()
    {
        var after = new EvidenceCase().Verify().Verified!.After;
        Assert.Equal((7u, 0u, 1_000_000ul, 0x0001_0002ul), (after.Boot, after.RestartCount, after.Clock, after.FirmwareVersion));
    }
}
