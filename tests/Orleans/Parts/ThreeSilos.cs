namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>A cluster of three for tests that leave it whole. Rows in Azurite.</summary>
public sealed class ThreeSilos : IAsyncLifetime
{
    private RunningCluster? cluster;

    /// <summary>Skips the test where a program it needs is missing.</summary>
    internal RunningCluster Cluster
    {
        get
        {
            Assert.SkipUnless(cluster is not null, "redis-server or Azurite is not installed (apt-get install redis-server; npm ci --prefix infra/azurite --ignore-scripts)");
            return cluster;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (RedisServer.IsInstalled && Azurite.IsInstalled) cluster = await RunningCluster.StartAsync(3, blobs: true);
    }

    public ValueTask DisposeAsync() => cluster?.DisposeAsync() ?? default;
}
