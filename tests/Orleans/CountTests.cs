using System.Globalization;
using System.Reflection;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Orleans;

/// <summary>Where the Orleans host can not be built, infra/test counts its tests from their sources: the number has to be this one.</summary>
public sealed class CountTests
{
    [Theory, InlineData(""), InlineData("A40_"), InlineData("storage.rows"), InlineData("no test is called this")]
    public void Tests_counted_from_the_sources_are_those_that_are_built(string filter)
        => Assert.Equal(Built.Where(test => $"{test.Type.FullName}.{test.Method.Name}".Contains(filter, StringComparison.OrdinalIgnoreCase)).Sum(test => Cases(test.Method)), Counted(filter));

    [Fact]
    public void Tests_on_the_quick_list_are_there_and_are_not_counted_among_those_that_are_left_out()
    {
        string[] parts = ["Faults", "Conformance", "EndToEnd"];
        var left = Built.Where(test => parts.Contains(test.Type.Namespace!.Split('.')[^1])).ToList();
        var quick = File.ReadAllLines(Path.Combine(Repository.Root, Quick)).Where(line => line.Length > 0 && line[0] != '#').ToHashSet();
        Assert.InRange(quick.Count, 10, 40);
        foreach (var line in quick) Assert.Contains(left, test => Names(test).Contains(line));
        Assert.Equal(left.Where(test => !Names(test).Any(quick.Contains)).Sum(test => Cases(test.Method)), parts.Sum(part => Counted($"Tests.Orleans.{part}.", Quick)));
    }

    private const string Quick = "infra/quick-cluster-tests";

    private static IEnumerable<(Type Type, MethodInfo Method)> Built
        => from type in typeof(CountTests).Assembly.GetTypes()
           where type is { IsAbstract: false, Namespace: { } space } && (space + ".").StartsWith("TrustMesh.Tests.Orleans.", StringComparison.Ordinal)
           from method in type.GetMethods()
           where method.GetCustomAttribute<FactAttribute>() is { Explicit: false }
           select (type, method);

    private static string[] Names((Type Type, MethodInfo Method) test) => [test.Type.Name, $"{test.Type.Name}.{test.Method.Name}"];

    private static int Cases(MethodInfo method) => method.GetCustomAttribute<TheoryAttribute>() is null ? 1 : Math.Max(1, method.GetCustomAttributes<InlineDataAttribute>().Count());

    private static int Counted(params string[] arguments)
    {
        Assert.SkipUnless(Command.Exists("node"), "node is not on this machine");
        var (code, output, error) = Command.Run(Repository.Root, "node", ["infra/orleans-tests.mjs", "tests", .. arguments]);
        Assert.True(code == 0, error);
        return int.Parse(output, CultureInfo.InvariantCulture);
    }
}
