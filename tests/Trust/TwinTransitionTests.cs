using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust;

public sealed class TwinTransitionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(Standing.Pending, Standing.Active, false, true)]
    [InlineData(Standing.Pending, Standing.Suspended, false, false)]
    [InlineData(Standing.Pending, Standing.Revoked, false, true)]
    [InlineData(Standing.Active, Standing.Suspended, false, true)]
    [InlineData(Standing.Active, Standing.Revoked, false, true)]
    [InlineData(Standing.Suspended, Standing.Active, true, true)]
    [InlineData(Standing.Suspended, Standing.Active, false, false)]
    [InlineData(Standing.Suspended, Standing.Revoked, false, true)]
    [InlineData(Standing.Revoked, Standing.Active, false, false)]
    [InlineData(Standing.Revoked, Standing.Active, true, false)]
    [InlineData(Standing.Revoked, Standing.Suspended, false, false)]
    public void People_move_standing_only_along_these_lines(Standing from, Standing to, bool resume, bool possible)
    {
        using var bench = new TwinBench();
        var before = Enrolled(bench) with { Standing = from };
        var step = TwinTransition.Decide(before, new(to, resume, "ann", "why", null), Now);
        Assert.Equal(possible, step.Changed);
        Assert.Equal(possible ? to : from, step.State.Standing);
        Assert.Equal(possible, step.Refused is null);
    }

    [Fact]
    public void A_decision_about_an_older_version_is_refused()
    {
        using var bench = new TwinBench();
        var step = TwinTransition.Decide(Enrolled(bench) with { Version = 7 }, new(Standing.Revoked, false, "ann", "why", 6), Now);
        Assert.False(step.Changed);
        Assert.NotNull(step.Refused);
    }

    [Fact]
    public void Only_an_active_device_keeps_its_membership()
    {
        using var bench = new TwinBench();
        var step = TwinTransition.Decide(Enrolled(bench) with { Membership = new byte[5] }, new(Standing.Suspended, false, "ann", "why", null), Now);
        Assert.True(step.State.Membership.IsEmpty);
    }

    [Theory]
    [InlineData(Standing.Pending, false)]
    [InlineData(Standing.Suspended, true)]
    public void Who_lets_a_device_in_stands_in_its_record_as_long_as_it_is_in(Standing from, bool resume)
    {
        using var bench = new TwinBench();
        var step = TwinTransition.Decide(Enrolled(bench) with { Standing = from }, new(Standing.Active, resume, "ann", null, null), Now);
        Assert.Equal("approval by ann", step.State.Enrolment.AdmittedBy);
        var suspended = TwinTransition.Decide(step.State, new(Standing.Suspended, false, "bob", "why", null), Now);
        Assert.Equal("approval by ann", suspended.State.Enrolment.AdmittedBy);
    }

    [Theory]
    [InlineData(Standing.Active, Standing.Pending)]
    [InlineData(Standing.Pending, Standing.Pending)]
    [InlineData(Standing.Suspended, Standing.Suspended)]
    [InlineData(Standing.Revoked, Standing.Revoked)]
    public void A10_The_same_key_under_other_words_is_another_enrolment_that_lifts_nothing(Standing from, Standing to)
    {
        using var bench = new TwinBench();
        var before = Enrolled(bench) with { Standing = from, Membership = new byte[5] };
        var step = TwinTransition.Enrol(before, new(bench.NewEnrolment() with { Endorsement = "another token" }, false), Now);
        Assert.Equal((to, "another token"), (step.State.Standing, step.State.Enrolment.Endorsement));
        Assert.True(step.State.Membership.IsEmpty);
        Assert.Contains("with the same key, but now it is another token", Assert.Single(step.Events).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_key_again_changes_nothing()
    {
        using var bench = new TwinBench();
        Assert.False(TwinTransition.Enrol(Enrolled(bench), new(bench.NewEnrolment(), true), Now).Changed);
    }

    [Fact]
    public void A_verdict_runs_out_at_its_time_and_once()
    {
        using var bench = new TwinBench();
        bench.Measure("/a");
        var proven = TwinTransition.Accept(Enrolled(bench), bench.Evidence(Enrolled(bench)), bench.Time.GetUtcNow()).State;
        var expires = proven.Verdict!.ExpiresAt;
        Assert.False(TwinTransition.Expire(proven, expires.AddTicks(-1)).Changed);
        var step = TwinTransition.Expire(proven, expires.AddMinutes(5));
        Assert.Equal(expires, Assert.Single(step.Events).At);
        Assert.False(TwinTransition.Expire(step.State, expires.AddMinutes(6)).Changed);
    }

    [Fact]
    public void A_flood_of_refused_evidence_leaves_one_line_a_minute()
    {
        using var bench = new TwinBench();
        var state = Enrolled(bench);
        Finding[] findings = [new("quote.signature", "signature", "a", "b", "rule", Outcome.Fail)];
        for (var second = 0; second < 150; second++) state = TwinTransition.Refuse(state, findings, Now.AddSeconds(second)).State;
        Assert.Equal(3, state.Timeline.Count(line => line.Kind == EventKind.Refused));
    }

    [Fact]
    public void The_timeline_keeps_its_last_lines()
    {
        using var bench = new TwinBench();
        var state = Enrolled(bench);
        for (var i = 0; i < 200; i++)
            state = TwinTransition.Decide(state, new(i % 2 == 0 ? Standing.Suspended : Standing.Active, i % 2 == 1, "ann", $"{i}", null), Now).State;
        Assert.Equal(TwinState.TimelineLength, state.Timeline.Length);
        Assert.Equal("199", state.Timeline[^1].Text);
    }

    [Fact]
    public void A_state_reads_back_as_it_was_written()
    {
        using var bench = new TwinBench();
        bench.Measure("/a");
        var state = TwinTransition.Accept(Enrolled(bench), bench.Evidence(Enrolled(bench)), bench.Time.GetUtcNow()).State;
        var bytes = TwinStateCodec.Encode(state);
        Assert.Equal(bytes, TwinStateCodec.Encode(TwinStateCodec.Decode(bytes, 1)));
        Assert.Equal(state.Verdict!.Because, TwinStateCodec.Decode(bytes, 1).Verdict!.Because);
    }

    [Fact]
    public void A_state_cut_anywhere_is_refused()
    {
        using var bench = new TwinBench();
        var bytes = TwinStateCodec.Encode(Enrolled(bench));
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes.AsMemory(0, length);
            Assert.Throws<WireException>(() => TwinStateCodec.Decode(cut, 1));
        }
    }

    private static TwinState Enrolled(TwinBench bench) => TwinTransition.Enrol(null, new(bench.Enrolment, true), Now).State with { Version = 1 };
}
