namespace TrustMesh.Tests.Dashboard;

public sealed class TrendTests
{
    [Fact]
    public void What_grows_is_told_from_what_goes_up_and_down()
    {
        var random = new Random(3);
        (double, double)[] Line(double slope, double noise, int count) => [.. Enumerable.Range(0, count).Select(i => ((double)i, 100 + (slope * i) + (noise * (random.NextDouble() - 0.5))))];

        Assert.True(Trend.Of(Line(2, 3, 20)).Grows);
        Assert.True(Trend.Of(Line(0.01, 0.5, 30)).IsFlat);
        Assert.Equal((false, false), Judged(Trend.Of(Line(0.2, 60, 8))));
        Assert.Equal((false, false), Judged(Trend.Of(Line(5, 0, 2))));
        Assert.Equal(2, Trend.Of(Line(2, 0, 10)).Slope, 6);

        static (bool, bool) Judged(Trend trend) => (trend.IsFlat, trend.Grows);
    }
}
