using TrustMesh.Agent.Measuring;

namespace TrustMesh.Tests.Agent;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*.conf", "a.conf", true)]
    [InlineData("*.conf", ".conf", true)]
    [InlineData("*.conf", "a.conf.bak", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b*", "xxbxxaxx", false)]
    [InlineData("A", "a", false)]
    public void Matches_within_a_segment(string pattern, string name, bool expected) => Assert.Equal(expected, Glob.MatchSegment(pattern, name));

    [Fact]
    public void A28_A_pattern_of_stars_takes_no_time()
        => Assert.False(Glob.MatchSegment(string.Concat(Enumerable.Repeat("*a", 200)) + "b", new string('a', 5_000)));

    [Theory]
    [InlineData("etc/*.conf", "etc", true)]
    [InlineData("etc/*.conf", "etc/a.conf", true)]
    [InlineData("etc/*.conf", "etc/a.txt", false)]
    [InlineData("etc/*.conf", "etc/a.conf/deeper", false)]
    [InlineData("etc/*.conf", "var", false)]
    [InlineData("etc/**", "etc/a/b/c", true)]
    public void Knows_which_paths_can_concern_it(string pattern, string path, bool expected) => Assert.Equal(expected, new Glob(pattern).Touches(path));

    [Theory]
    [InlineData("")]
    [InlineData("/etc")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("a/**b")]
    [InlineData("a\nb")]
    public void Refuses_patterns_that_mean_nothing_or_leave_the_root(string pattern) => Assert.NotNull(Glob.Problem(pattern));
}
