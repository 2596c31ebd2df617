namespace TrustMesh.Tests.Dashboard;

/// <summary>Tests of the graph and of what is around it: a browser of their own, beside the one of the other pages, as each of the two waits half of its time.</summary>
[CollectionDefinition(Name)]
public sealed class GraphCollection : ICollectionFixture<Browser>
{
    public const string Name = "dashboard graph";
}
