using System.Text.Json;
using TrustMesh.Orleans.Serialization;
using TrustMesh.Tests.Trust;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;

namespace TrustMesh.Tests.Orleans.Serialization;

/// <summary>Evidence that was verified at one silo moves the twin at another just as it would have at its own.</summary>
public sealed class HandedEvidenceTests
{
    [Fact]
    public async Task Evidence_that_was_handed_over_moves_the_twin_as_it_would_have_before()
    {
        using var bench = new TwinBench();
        bench.Measure("/etc/app.conf");
        var first = (await bench.Twin.EnrolAsync(new(bench.Enrolment, true), CancellationToken.None))!;
        var state = TwinTransition.Accept(first, bench.Evidence(first), bench.Time.GetUtcNow()).State;
        bench.Measure("/etc/other.conf");
        var evidence = bench.Evidence(state);
        var (here, there) = (TwinTransition.Accept(state, evidence, bench.Time.GetUtcNow()), TwinTransition.Accept(state, Handed(evidence), bench.Time.GetUtcNow()));
        Assert.Equal(TwinStateCodec.Encode(here.State), TwinStateCodec.Encode(there.State));
        Assert.Equal(here.Log!.Entries.Select(entry => entry.ToArray()), there.Log!.Entries.Select(entry => entry.ToArray()));
        Assert.Equal(["/etc/app.conf", "/etc/other.conf"], there.State.Attester.Current.Keys);
    }

    [Fact]
    public async Task A48_Evidence_that_was_handed_over_continues_only_the_state_it_was_judged_by()
    {
        using var bench = new TwinBench();
        var first = (await bench.Twin.EnrolAsync(new(bench.Enrolment, true), CancellationToken.None))!;
        var state = TwinTransition.Accept(first, bench.Evidence(first), bench.Time.GetUtcNow()).State;
        var handed = Handed(bench.Evidence(state));
        bench.Measure("/etc/meanwhile.conf");
        var later = TwinTransition.Accept(state, bench.Evidence(state), bench.Time.GetUtcNow()).State;
        Assert.Throws<StaleTwinException>(() => TwinTransition.Accept(later, handed, bench.Time.GetUtcNow()));
    }

    [Fact]
    public async Task Names_that_were_known_before_do_not_travel_with_it()
    {
        using var bench = new TwinBench();
        bench.Measure("/etc/told-once.conf");
        var first = (await bench.Twin.EnrolAsync(new(bench.Enrolment, true), CancellationToken.None))!;
        var state = TwinTransition.Accept(first, bench.Evidence(first), bench.Time.GetUtcNow()).State;
        Assert.Empty(Handed(bench.Evidence(state)).Before.Current);
    }

    private static VerifiedEvidence Handed(VerifiedEvidence evidence)
        => JsonSerializer.Deserialize<VerifiedEvidence>(JsonSerializer.SerializeToUtf8Bytes(evidence, MeshSerialization.Options), MeshSerialization.Options)!;
}
