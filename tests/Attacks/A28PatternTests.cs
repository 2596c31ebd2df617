using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A28, the part that is the verifier's: what patterns mean, and which are refused.</summary>
public sealed class A28PatternTests
{
    [Theory]
    [InlineData("**")]
    [InlineData("*")]
    [InlineData("/**")]
    [InlineData("/*")]
    [InlineData("/**/*")]
    [InlineData("**/x")]
    [InlineData("*.conf")]
    [InlineData("//**")]
    public void A28_Refuses_a_pattern_that_could_match_everything(string glob) => Refused(glob);

    [Theory]
    [InlineData("/a***")]
    [InlineData("/a*b*c*d*e*f*g*h*i*j*k*l*m*n*o*p*q*")]
    public void A28_Refuses_a_pattern_with_too_many_stars(string glob) => Refused(glob);

    [Fact]
    public void A28_Refuses_patterns_that_are_too_long_together()
        => Assert.False(NamePatterns.TryCompile([.. Enumerable.Repeat("/" + new string('a', 200), 100)], out _, out _));

    [Theory]
    [InlineData("/etc/pump.conf", "/etc/pump.conf", true)]
    [InlineData("/etc/pump.conf", "/etc/pump.conf.bak", false)]
    [InlineData("/etc/pump.conf", "/srv/etc/pump.conf", false)]
    [InlineData("/etc/pumpxconf", "/etc/pump.conf", false)]
    [InlineData("/etc/*.conf", "/etc/pump.conf", true)]
    [InlineData("/etc/*.conf", "/etc/d/pump.conf", false)]
    [InlineData("/var/lib/**", "/var/lib/a/b/c", true)]
    [InlineData("/var/lib/**", "/var/library", false)]
    [InlineData("/var/**/x", "/var/a/b/x", true)]
    [InlineData("/a[0-9]", "/a5", false)]
    [InlineData("/a(b|c)", "/ab", false)]
    public void A28_A_pattern_is_anchored_and_has_no_other_wildcards(string glob, string name, bool matches) => Assert.Equal(matches, Compile(glob).Match(name));

    [Fact]
    public void A28_A_pattern_says_what_a_simple_matcher_says()
    {
        var alphabet = Gen.Elements("a", "b", "/", "*", "**", ".");
        var globs = alphabet.ListOf().Select(parts => "x" + string.Concat(parts).Replace("***", "**", StringComparison.Ordinal));
        var names = Gen.Elements('a', 'b', '/', '.').ListOf().Select(parts => "x" + new string([.. parts]));
        Prop.ForAll(globs.Zip(names).ToArbitrary(), pair =>
        {
            var (glob, name) = pair;
            return !NamePatterns.TryCompile([glob], out var patterns, out _) || patterns.Match(name) == Matches(glob, name);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void A28_The_policy_with_such_a_pattern_is_refused_as_a_whole()
    {
        using var authority = new TestAuthority();
        var policy = new EvidenceCase().PolicyValue with { MayChange = ["/**"] };
        var statement = authority.Verifier.VerifyPolicy(authority.Sign(policy), EvidenceCase.Now);
        Assert.Null(statement.Accepted);
        var finding = Assert.Single(statement.Findings, one => one.Outcome != TrustMesh.Wire.Messages.Outcome.Pass);
        Assert.Equal("policy.patterns", finding.Check);
        Assert.Contains("could match everything", finding.Got, StringComparison.Ordinal);
    }

    /// <summary>Globs as they are defined, by trying everything.</summary>
    private static bool Matches(string glob, string name)
    {
        if (glob.Length == 0) return name.Length == 0;
        if (glob.StartsWith("**", StringComparison.Ordinal)) return Enumerable.Range(0, name.Length + 1).Any(length => Matches(glob[2..], name[length..]));
        if (glob[0] == '*') return Enumerable.Range(0, name.Length + 1).TakeWhile(length => length == 0 || name[length - 1] != '/').Any(length => Matches(glob[1..], name[length..]));
        return name.Length > 0 && glob[0] == name[0] && Matches(glob[1..], name[1..]);
    }

    private static NamePatterns Compile(string glob)
    {
        Assert.True(NamePatterns.TryCompile([glob], out var patterns, out var problem), problem);
        return patterns;
    }

    private static void Refused(string glob)
    {
        Assert.False(NamePatterns.TryCompile([glob], out var patterns, out var problem));
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
        Assert.False(patterns.Match("/x"));
    }
}
