namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>
/// Two silos for tests of faults; each test leaves them whole. Between them and Redis (membership) and Azurite (rows) are roads that a test breaks.
/// </summary>
public sealed class TwoSilos : IAsyncLifetime
{
    private RunningCluster? cluster;
    private FaultyRoad? toRedis, toStorage;

    /// <summary>Skips the test where a program it needs is missing.</summary>
    internal RunningCluster Cluster
    {
        get
        {
            Assert.SkipUnless(cluster is not null, "redis-server or Azurite is not installed (apt-get install redis-server; npm ci --prefix infra/azurite --ignore-scripts)");
            return cluster;
        }
    }

    internal FaultyRoad ToRedis => toRedis!;

    internal FaultyRoad ToStorage => toStorage!;

    public async ValueTask InitializeAsync()
    {
        if (!RedisServer.IsInstalled || !Azurite.IsInstalled) return;
        cluster = RunningCluster.Prepared((redis, azurite) =>
        {
            (toRedis, toStorage) = (FaultyRoad.To(redis.Port), FaultyRoad.To(azurite.Port));
            return (toRedis.Port, toStorage.Port);
        });
        await cluster.AddAsync();
        await cluster.SignInAsync(0);
        await cluster.AddAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
        if (toRedis is not null) await toRedis.DisposeAsync();
        if (toStorage is not null) await toStorage.DisposeAsync();
    }
}
