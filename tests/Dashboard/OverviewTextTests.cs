using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What the overview says of numbers, and what it remembers of them.</summary>
public sealed class OverviewTextTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 10, 42, 10, TimeSpan.Zero);

    [Theory]
    [InlineData(10_000, 9_996, 3, 3, "99.9 %", "9,996 of 10,000 are vouched for now by 3 or more other devices, the policy's quorum.")]
    [InlineData(40, 40, 2, 0, "100 %", "40 of 40 are vouched for now by 2 or more other devices.")]
    [InlineData(3, 1, 2, 3, "33.3 %", "1 of 3 is vouched for now by 2 or more other devices; for the quorum of 3 this mesh is too small.")]
    [InlineData(2, 2, 1, 0, "100 %", "2 of 2 are vouched for now by the other one.")]
    [InlineData(1, 0, 0, 3, "—", "A device that is alone has nobody to vouch for it.")]
    [InlineData(0, 0, 0, 3, "—", "No active device that others could vouch for.")]
    public void Coverage_says_what_is_counted_and_is_all_only_when_it_is_all(int active, int covered, int examiners, int quorum, string share, string words)
    {
        var coverage = new MeshCoverage(active, covered, examiners, quorum);
        Assert.Equal((share, words), (CoverageText.Share(coverage), CoverageText.Words(coverage)));
    }

    [Fact]
    public void A_trend_is_what_was_seen_in_the_last_hour_with_the_gaps_that_there_were()
    {
        var trend = new FleetTrend();
        Note(trend, 70, 9);
        Note(trend, 30, 4);
        Note(trend, 29, 5);
        Assert.Equal(s_now.AddMinutes(-30).AddSeconds(-10), trend.Since(s_now));
        Note(trend, 0, 6);
        // Seen twice in a minute: what was seen last.
        Note(trend, 0, 7);
        Assert.Equal([(30, 4), (29, 5), (0, 7)], trend.Of(Looks.Trusted, s_now));
        Assert.Equal([(30, 0), (29, 0), (0, 0)], trend.Of(Looks.Stale, s_now));
        Assert.Empty(trend.Of("made-up", s_now));
        Assert.Equal((", 3 more than where the line begins", ", as many as where the line begins", ""), (trend.Words(Looks.Trusted, s_now), trend.Words(Looks.Stale, s_now), trend.Words("made-up", s_now)));
        // An hour later all of it is too old, however full the ring is.
        Assert.Null(trend.Since(s_now.AddHours(1)));
        trend.Note("another mesh", s_now, new Dictionary<string, int> { [Looks.Trusted] = 1 });
        Assert.Equal([(0, 1)], trend.Of(Looks.Trusted, s_now));
        Assert.Null(trend.Since(s_now));
    }

    [Fact]
    public void What_an_approval_would_let_in_is_said_in_numbers()
    {
        var proof = new WaitingProof(s_now, s_now, 4, 2, "contraindicated", null, [], 12, 2, 1, [], [new(7, "aa", "fail"), new(1, "bb", "not-compared")]);
        Assert.Equal("12 files as known good, 1 different, 2 unknown", WaitingText.Files(proof));
        Assert.Equal("0 registers as known good, 1 different, 1 unknown", WaitingText.Registers(proof));
        Assert.Equal("1 file as known good", WaitingText.Files(proof with { Good = 1, Unknown = 0, Different = 0 }));
        Assert.Equal(
            ["Would be trusted", "Would be trusted with a warning", "Would be contraindicated", "Would be unproven: nothing to compare it with", "Cannot be judged now"],
            new[] { "affirming", "warning", "contraindicated", "none", null }.Select(status => WaitingText.Would(proof with { Status = status })));
        Assert.Equal("No proof yet", WaitingText.Of("none", false).Words);
        Assert.Equal((Looks.Unproven, "Nothing to compare"), WaitingText.Of("none", true));
    }

    private static void Note(FleetTrend trend, int minutesAgo, int trusted) =>
        trend.Note("m", s_now.AddMinutes(-minutesAgo), new Dictionary<string, int> { [Looks.Trusted] = trusted });
}
