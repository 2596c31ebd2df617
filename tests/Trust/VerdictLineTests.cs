using System.Text;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust;

/// <summary>Lines of verdicts tell what is newly faulted, so that since when each claim has not passed can be read from them.</summary>
public sealed class VerdictLineTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_fault_has_lasted_since_the_verdict_that_first_had_it()
    {
        var run = new Run().Judge().Judge("a").Judge("a", "b").Judge("a", "b").Judge("b").Judge("b", "a", "c");
        Assert.Equal(
            [
                "0 affirming", "1 contraindicated: a: expected x, got y", "2 contraindicated: a: expected x, got y; as before; also b", "4 contraindicated: b: expected x, got y; as before",
                "5 contraindicated: b: expected x, got y; as before; also a, c",
            ], run.Told);
        Assert.Equal([5, 2, 5], run.Since("a", "b", "c"));
        Assert.Equal([null], run.Since("d"));
    }

    [Fact]
    public void A_fault_that_comes_back_began_when_it_came_back_and_one_outlasts_silence()
    {
        var run = new Run().Judge("a").Judge().Judge("a", "b").Silent().Judge("a", "b");
        Assert.Equal("4 contraindicated: a: expected x, got y; as before", run.Told[^1]);
        Assert.Equal([2, 2], run.Since("a", "b"));
    }

    [Fact]
    public void What_has_no_room_for_names_tells_that_all_is_new_or_that_some_is_not_told()
    {
        var many = Enumerable.Range(0, 30).Select(i => $"/opt/application/plug-ins/{i}.so").ToArray();
        var run = new Run().Judge().Judge(many).Judge([.. many, "late"]);
        Assert.EndsWith("; also all 29 others", run.Told[1], StringComparison.Ordinal);
        Assert.Equal([1, 1, 1, 2], run.Since(many[0], many[7], many[29], "late"));

        // Some are new, not all, and not all have room: those without a name are not guessed.
        run = new Run().Judge("a").Judge(["a", .. many]);
        Assert.EndsWith(" and 27 more", run.Told[^1], StringComparison.Ordinal);
        Assert.Equal([0, 1, null], run.Since("a", many[0], many[29]));
        Assert.All(run.Lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line.Text), 1, TrustMesh.Wire.Caps.Text));
    }

    [Fact]
    public void A44_What_a_device_measured_or_said_does_not_write_the_words_of_a_line()
    {
        var run = new Run { Got = "y; as before; also b, c" }.Judge("/tmp/x; also b").Judge("/tmp/x; also b", "c", "d, b", "e and 3 more", "b");
        Assert.Equal(["0 contraindicated: /tmp/x, also b: expected x, got y, as before, also b, c", "1 contraindicated: /tmp/x, also b: expected x, got y, as before, also b, c; as before; also c, b and 2 more"], run.Told);
        Assert.Equal([0, 1, 1, null], run.Since("/tmp/x; also b", "b", "c", "d, b"));
    }

    [Fact]
    public void A_long_reason_gives_way_to_what_is_new()
    {
        var run = new Run { Got = new string('ü', 200) }.Judge("a", "b");
        Assert.EndsWith("…; also b", Assert.Single(run.Told), StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(run.Lines[0].Text), 200, TrustMesh.Wire.Caps.Text);
        Assert.Equal([0, 0], run.Since("a", "b"));
    }

    [Fact]
    public void Lines_of_before_say_since_when_the_first_claim_fails_and_of_others_nothing()
    {
        TwinEvent[] lines = [Line(0, "affirming"), Line(1, "contraindicated: a: expected x, got y"), Line(2, "contraindicated: a: expected x, got y"), Line(3, "contraindicated: a: expected x, got z, too")];
        var since = VerdictLine.Since(lines);
        Assert.Equal((Start.AddMinutes(1), null), (since("a"), since("b")));
        // Of a timeline that goes back no further than the fault, its first line is the earliest that is known; what joined again began anew.
        Assert.Equal(Start.AddMinutes(5), VerdictLine.Since([.. lines, new(Start.AddMinutes(4), EventKind.Enrolled, "joined again", "device"), Line(5, "contraindicated: a: expected x, got y")])("a"));
        Assert.Null(VerdictLine.Since([Line(1, "warning: b: expected x, got y; as before")])("a"));
    }

    [Fact]
    public void A_claim_that_joins_others_is_told_by_the_twin_itself()
    {
        using var bench = new TwinBench();
        var state = TwinTransition.Enrol(null, new(bench.Enrolment, true), bench.Time.GetUtcNow()).State;
        state = TwinTransition.Accept(state, bench.Evidence(state), bench.Time.GetUtcNow()).State;
        var faulted = state.Verdict!.Because.Where(finding => finding.Outcome != Outcome.Pass).ToList();
        Assert.NotEmpty(faulted);
        var since = VerdictLine.Since(state.Timeline);
        Assert.All(faulted, finding => Assert.Equal(state.Timeline[^1].At, since(finding.Claim)));
        // One fault fewer before: that it joined is news although everything else is the same.
        var fewer = state with { Verdict = state.Verdict with { Because = [.. state.Verdict.Because.Except(faulted[^1..])] } };
        bench.Time.Advance(TimeSpan.FromSeconds(7));
        var step = TwinTransition.Accept(fewer, bench.Evidence(fewer), bench.Time.GetUtcNow());
        Assert.Equal(bench.Time.GetUtcNow(), VerdictLine.Since(step.State.Timeline)(faulted[^1].Claim));
        // And the same again is none.
        Assert.Empty(TwinTransition.Accept(step.State, bench.Evidence(step.State), bench.Time.GetUtcNow()).Events);
    }

    private static TwinEvent Line(int minute, string text) => new(Start.AddMinutes(minute), EventKind.Verdict, text, TwinEvent.Device);

    /// <summary>Verdicts a minute apart, and the lines a twin would write of them.</summary>
    private sealed class Run
    {
        private Verdict? last;
        private bool silent;
        private int minute;

        public string Got { get; init; } = "y";

        public List<TwinEvent> Lines { get; } = [];

        public List<string> Told => [.. Lines.Select(line => $"{(line.At - Start).TotalMinutes} {line.Text}")];

        public Run Judge(params string[] faults)
        {
            var verdict = new Verdict(
                faults.Length == 0 ? TrustTier.Affirming : TrustTier.Contraindicated, AssuranceTier.Software, new Dictionary<int, int>(), "p", 1, 1,
                [.. faults.Select(claim => new Finding("file.digest", claim, "x", Got, "rule", Outcome.Fail)), new Finding("quote.magic", "magic", "x", "x", "rule", Outcome.Pass)], Start, Start);
            if (last is null || silent || last.Status != verdict.Status || VerdictLine.IsNews(last, verdict)) Lines.Add(Line(minute, VerdictLine.Text(last, verdict)));
            (last, silent, minute) = (verdict, false, minute + 1);
            return this;
        }

        public Run Silent()
        {
            (silent, minute) = (true, minute + 1);
            return this;
        }

        /// <summary>Minutes; null where nobody knows.</summary>
        public List<int?> Since(params string[] claims)
        {
            var since = VerdictLine.Since(Lines);
            return [.. claims.Select(claim => since(claim) is { } at ? (int?)(at - Start).TotalMinutes : null)];
        }
    }
}
