using FsCheck;
using FsCheck.Fluent;
using TrustMesh.Agent.Life;
using TrustMesh.Agent.Silo;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

public sealed class StateMachineTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Floor = TimeSpan.FromSeconds(1);

    [Fact]
    public void Every_arrow_leads_where_the_table_says()
    {
        foreach (var arrow in StateMachine.Arrows)
        {
            var next = StateMachine.Next(At(arrow.From), new(arrow.Cause, "why", TimeSpan.FromSeconds(10)), Noon, 0.5, Floor);
            Assert.Equal(arrow.To, next.Phase);
            Assert.Equal("why", next.Reason);
            Assert.True(next.DueAt >= Noon);
        }
    }

    [Fact]
    public void What_has_no_arrow_can_not_happen()
    {
        foreach (var phase in Enum.GetValues<AgentPhase>())
        foreach (var cause in Enum.GetValues<Cause>().Where(cause => !StateMachine.Knows(phase, cause)))
            Assert.Throws<InvalidOperationException>(() => StateMachine.Next(At(phase), new(cause, ""), Noon, 0.5, Floor));
    }

    /// <summary>Whatever a silo or the network does to an acting phase has an arrow: the agent cannot die of an answer.</summary>
    [Fact]
    public void Every_failure_and_every_standing_has_an_arrow_where_it_can_come()
    {
        foreach (var kind in Enum.GetValues<FailureKind>())
        {
            Assert.True(StateMachine.Knows(AgentPhase.Proving, Happening.Failed(new(kind, "")).Cause), $"proving, {kind}");
            Assert.True(StateMachine.Knows(AgentPhase.Enrolling, Happening.Failed(new(kind, "")).Cause), $"enrolling, {kind}");
        }
        foreach (var standing in Enum.GetValues<Standing>())
            Assert.True(StateMachine.Knows(AgentPhase.Proving, Happening.Accepted(standing, Floor).Cause), $"{standing}");
        foreach (var phase in Enum.GetValues<AgentPhase>().Where(phase => !At(phase).Acts))
            Assert.True(StateMachine.Knows(phase, Cause.Due), $"{phase} ends");
    }

    [Fact]
    public void Every_phase_leads_back_to_proving()
    {
        foreach (var phase in Enum.GetValues<AgentPhase>())
        {
            var reached = new HashSet<AgentPhase> { phase };
            while (StateMachine.Arrows.Where(arrow => reached.Contains(arrow.From)).Any(arrow => reached.Add(arrow.To))) { }
            Assert.Contains(AgentPhase.Proving, reached);
        }
    }

    [Fact]
    public void A_success_forgets_the_failures_before_it()
    {
        var failed = StateMachine.Next(At(AgentPhase.Proving) with { Attempt = 8 }, new(Cause.Unreachable, ""), Noon, 0.5, Floor);
        Assert.Equal(9, failed.Attempt);
        var accepted = StateMachine.Next(At(AgentPhase.Proving) with { Attempt = 9 }, Happening.Accepted(Standing.Active, TimeSpan.FromSeconds(30)), Noon, 0.5, Floor);
        Assert.Equal((0, Noon), (accepted.Attempt, accepted.ProvenAt));
    }

    [Fact]
    public void A_challenge_that_is_gone_again_and_again_is_not_asked_for_in_a_loop()
    {
        var state = At(AgentPhase.Proving);
        var asked = 0;
        for (; state.Phase == AgentPhase.Proving && asked < 100; asked++) state = StateMachine.Next(state, new(Cause.ChallengeGone, ""), Noon, 0.5, Floor);
        Assert.Equal(StateMachine.MostChallengesGone + 1, asked);
        Assert.Equal(AgentPhase.Refused, state.Phase);
    }

    [Fact]
    public void A_device_the_silo_forgot_joins_again()
    {
        var state = StateMachine.Next(At(AgentPhase.Proving) with { Enrolled = true }, new(Cause.NotEnrolled, ""), Noon, 0.5, Floor);
        Assert.Equal((AgentPhase.Enrolling, false), (state.Phase, state.Enrolled));
    }

    [Theory]
    [InlineData(0, 0.9)]
    [InlineData(0.999999, 1)]
    public void The_silos_interval_is_kept_a_little_early(double draw, double share)
    {
        var state = StateMachine.Next(At(AgentPhase.Proving), Happening.Accepted(Standing.Active, TimeSpan.FromSeconds(100)), Noon, draw, Floor);
        Assert.Equal(share * 100, (state.DueAt - Noon).TotalSeconds, 0.01);
    }

    [Fact]
    public void A_silo_can_not_drive_a_device_below_its_own_floor()
    {
        var state = StateMachine.Next(At(AgentPhase.Proving), Happening.Accepted(Standing.Active, TimeSpan.Zero), Noon, 0.999, TimeSpan.FromSeconds(20));
        Assert.True(state.DueAt - Noon >= TimeSpan.FromSeconds(18));
    }

    [Fact]
    public void Backoff_stays_within_its_bounds_for_ever()
    {
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), Gen.Choose(0, 999_999).ToArbitrary(), (attempt, draw) =>
        {
            var delay = Backoff.Delay(attempt, draw / 1e6);
            var window = TimeSpan.FromSeconds(Math.Min(60, 0.5 * Math.Pow(2, Math.Min(attempt - 1, 20))));
            return delay >= Backoff.Least && delay <= Backoff.Most && delay <= (window < Backoff.Least ? Backoff.Least : window);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Backoff_uses_the_whole_window_so_that_a_fleet_spreads()
    {
        var delays = Enumerable.Range(0, 1000).Select(i => Backoff.Delay(20, i / 1000.0).TotalSeconds).ToList();
        Assert.InRange(delays.Average(), 29, 31);
        Assert.True(delays.Min() < 0.1 && delays.Max() > 59);
    }

    [Fact]
    public void Backoff_waits_at_least_as_long_as_the_silo_asks_and_never_for_ever()
    {
        Prop.ForAll(Gen.Choose(1, 100).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (attempt, seconds) =>
        {
            var asked = TimeSpan.FromSeconds(seconds);
            var delay = Backoff.Delay(attempt, 0.3, asked);
            return delay >= (asked < Backoff.MostAsked ? asked : Backoff.MostAsked) && delay <= Backoff.Most + Backoff.MostAsked;
        }).QuickCheckThrowOnFailure();
    }

    private static AgentState At(AgentPhase phase) => AgentState.At(Noon) with { Phase = phase };
}
