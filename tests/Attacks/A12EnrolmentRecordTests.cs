using TrustMesh.Tests.Trust;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Tests.Attacks;

public sealed class A12EnrolmentRecordTests
{
    [Fact]
    public async Task A12_Evidence_verified_against_one_enrolment_does_not_move_another()
    {
        using var bench = new TwinBench();
        bench.Measure("/a");
        var state = await bench.Twin.EnrolAsync(new(bench.Enrolment, true), default);
        var evidence = bench.Evidence(state);
        var swapped = state with { Enrolment = bench.NewEnrolment() };
        Assert.Throws<StaleTwinException>(() => TwinTransition.Accept(swapped, evidence, bench.Time.GetUtcNow()));
        Assert.True(TwinTransition.Accept(state, evidence, bench.Time.GetUtcNow()).Changed);
    }
}
