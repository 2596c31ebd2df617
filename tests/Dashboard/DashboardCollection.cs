namespace TrustMesh.Tests.Dashboard;

/// <summary>One browser, one test at a time: two would only wait for each other's pixels.</summary>
[CollectionDefinition("dashboard")]
public sealed class DashboardCollection : ICollectionFixture<Browser>;
