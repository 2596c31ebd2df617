using TrustMesh.Trust.Directory;
using TrustMesh.Trust.History;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.History;

public sealed class PastStateTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Lines_alone_tell_how_a_device_looked_after_each_of_them(int seed)
    {
        using var bench = new TwinBench();
        bench.Measure("/a");
        var random = new Random(seed);
        var state = Told(TwinTransition.Enrol(null, new(bench.Enrolment, random.Next(2) == 0), bench.Time.GetUtcNow()), null, out var past);
        var seen = new HashSet<string>();
        for (var i = 0; i < 150; i++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 50)));
            var now = bench.Time.GetUtcNow();
            state = Told(TwinTransition.Expire(state, now), past, out past);
            state = Told(random.Next(7) switch
            {
                0 => TwinTransition.Decide(state, new(Standing.Active, state.Standing == Standing.Suspended, "ann", null, null), now),
                1 => TwinTransition.Decide(state, new(Standing.Suspended, false, "ann", "why", null), now),
                // Final, so late.
                2 when i > 130 => TwinTransition.Decide(state, new(Standing.Revoked, false, "ann", "why", null), now),
                3 => TwinTransition.Enrol(state, new(bench.NewEnrolment() with { Endorsement = $"token {i}" }, random.Next(2) == 0), now),
                4 => TwinTransition.Refuse(state, [], now),
                _ => Judged(TwinTransition.Accept(state, bench.Evidence(state), now), (TrustTier)random.GetItems([2, 32, 96, 0], 1)[0]),
            }, past, out past);
            Assert.Equal(DeviceEntry.Of(state).Look(now), past!.Value.Look);
            seen.Add(past.Value.Look);
        }
        Assert.True(seen.Count >= 6, string.Join(", ", seen));
    }

    [Theory]
    [InlineData("affirming", "trusted"), InlineData("warning: config: expected a, got b", "warning"), InlineData("contraindicated: boot: expected a, got b", "contraindicated"), InlineData("none", "unproven")]
    public void The_verdict_is_what_its_line_begins_with(string text, string look)
        => Assert.Equal(look, PastState.Next(new(Standing.Active, TrustTier.None, false), EventKind.Verdict, text).Look);

    [Fact]
    public void A_device_whose_first_line_is_from_before_the_log_was_let_in()
        => Assert.Equal("trusted", PastState.Next(null, EventKind.Verdict, "affirming").Look);

    /// <summary>As if the verifier had come to another verdict: the bench has no reference values, so that it always comes to none.</summary>
    private static TwinStep Judged(TwinStep step, TrustTier status) => step.Events.Count == 0 || step.State.Verdict is null ? step : step with
    {
        State = step.State with { Verdict = step.State.Verdict with { Status = status } },
        Events = [.. step.Events.Select(line => line with { Text = TwinTransition.Text(status) })],
    };

    private static TwinState Told(TwinStep step, PastState? before, out PastState? after)
    {
        after = before;
        foreach (var line in step.Events) after = PastState.Next(after, line.Kind, line.Text);
        return step.State with { Version = step.State.Version + 1 };
    }
}
