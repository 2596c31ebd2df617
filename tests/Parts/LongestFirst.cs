using TrustMesh.Tests.Parts;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace TrustMesh.Tests.Parts;

/// <summary>What takes minutes and runs one test at a time begins first, so that it does not run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] s_first = ["dashboard", "dashboard graph", "three networks"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
        => [.. testCollections.OrderBy(one => Array.IndexOf(s_first, one.TestCollectionDisplayName) is >= 0 and var place ? place : s_first.Length)];
}
