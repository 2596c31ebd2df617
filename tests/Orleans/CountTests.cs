using System.Globalization;
using System.Reflection;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Orleans;

/// <summary>Where the Orleans host can not be built, infra/test counts its tests from their sources: the number has to be this one.</summary>
public sealed class CountTests
{
    [Theory, InlineData(""), InlineData("A40_"), InlineData("storage.rows"), InlineData("no test is called this")]
    public void Tests_counted_from_the_sources_are_those_that_are_built(string filter)
    {
        Assert.SkipUnless(Command.Exists("node"), "node is not on this machine");
        var (code, output, error) = Command.Run(Repository.Root, "node", "infra/orleans-tests.mjs", "tests", filter);
        Assert.True(code == 0, error);
        var built = from type in typeof(CountTests).Assembly.GetTypes()
                    where type is { IsAbstract: false, Namespace: { } space } && (space + ".").StartsWith("TrustMesh.Tests.Orleans.", StringComparison.Ordinal)
                    from method in type.GetMethods()
                    where $"{type.FullName}.{method.Name}".Contains(filter, StringComparison.OrdinalIgnoreCase)
                    where method.GetCustomAttribute<FactAttribute>() is { Explicit: false }
                    select method.GetCustomAttribute<TheoryAttribute>() is null ? 1 : Math.Max(1, method.GetCustomAttributes<InlineDataAttribute>().Count());
        Assert.Equal(built.Sum(), int.Parse(output, CultureInfo.InvariantCulture));
    }
}
