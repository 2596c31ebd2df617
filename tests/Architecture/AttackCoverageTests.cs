using System.Reflection;
using System.Text.RegularExpressions;
using Xunit.v3;

namespace TrustMesh.Tests.Architecture;

/// <summary>Every attack this version claims to survive has a test that says so in its name.</summary>
public sealed partial class AttackCoverageTests
{
    public static TheoryData<string> Claimed =>
        [.. Enumerable.Range(1, 22).Append(26).Concat(Enumerable.Range(28, 22)).Select(number => $"A{number:00}")];

    [Theory, MemberData(nameof(Claimed))]
    public void An_attack_that_is_claimed_has_its_test(string attack)
        => Assert.Contains(Tests(), name => name.StartsWith(attack + "_", StringComparison.Ordinal));

    [Fact]
    public void A_test_never_names_an_attack_that_does_not_exist()
        => Assert.All(Tests().Where(name => Id().IsMatch(name)), name => Assert.InRange(int.Parse(name.AsSpan(1, 2)), 1, 50));

    private static IEnumerable<string> Tests()
        => typeof(AttackCoverageTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttributes().Any(attribute => attribute is IFactAttribute))
            .Select(method => method.Name);

    [GeneratedRegex("^A[0-9]{2}_")]
    private static partial Regex Id();
}
