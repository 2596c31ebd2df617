namespace TrustMesh.Tests.Dashboard;

/// <summary>One browser, one test at a time: two in one browser would only wait for each other's pixels.</summary>
[CollectionDefinition(Name)]
public sealed class DashboardCollection : ICollectionFixture<Browser>
{
    public const string Name = "dashboard";
}
