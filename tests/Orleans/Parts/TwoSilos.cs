using TrustMesh.Orleans.Settings;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>
/// Two silos for tests of faults; each test leaves them whole. Between them and Redis (membership) and their storage (rows) are roads that a test breaks.
/// The storage is Azurite here.
/// </summary>
public class TwoSilos : IAsyncLifetime
{
    private RunningCluster? cluster;

    /// <summary>Skips the test where a program it needs is missing.</summary>
    internal RunningCluster Cluster
    {
        get
        {
            Assert.SkipUnless(cluster is not null, $"{Missing} is not installed (apt-get install redis-server; npm ci --prefix infra/azurite --ignore-scripts)");
            return cluster;
        }
    }

    internal FaultyRoad ToRedis { get; private protected set; } = null!;

    internal FaultyRoad ToStorage { get; private protected set; } = null!;

    /// <summary>The storage itself, beside the road.</summary>
    internal virtual StorageAddress Storage => StorageRig.Address(Azurite.Address("mesh"), Azurite.Key);

    /// <summary>The programs it runs over, if one is not here.</summary>
    private protected virtual string? Missing => RedisServer.IsInstalled && Azurite.IsInstalled ? null : "redis-server or Azurite";

    private Azurite Azurite => Cluster.Azurite!;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null) return;
        cluster = Prepare();
        await cluster.AddAsync();
        await cluster.SignInAsync(0);
        await cluster.AddAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (cluster is null) return;
        await cluster.DisposeAsync();
        await ToRedis.DisposeAsync();
        await ToStorage.DisposeAsync();
    }

    /// <summary>The next write of a row of that kind meets the fault; what was to fail before and did not come is let through.</summary>
    internal virtual void Fail(string kind, RoadFault fault)
    {
        ToStorage.Clear();
        ToStorage.FailNext($"PUT -{kind}/", fault);
    }

    /// <summary>It reads and does not write, until <see cref="TakeWritesAsync"/>.</summary>
    internal virtual Task RefuseWritesAsync(StorageRefusal why)
    {
        ToStorage.RefusesWrites = why == StorageRefusal.Forbidden ? 403 : 503;
        return Task.CompletedTask;
    }

    internal virtual Task TakeWritesAsync()
    {
        ToStorage.RefusesWrites = 0;
        return Task.CompletedTask;
    }

    /// <summary>It is away, with all it ever said yes to, until <see cref="ComeBack"/>.</summary>
    internal virtual void Leave() => Azurite.Leave();

    internal virtual void ComeBack() => Azurite.Restart();

    /// <summary>It stands still: connections stay open and nobody answers, until <see cref="GoOn"/>.</summary>
    internal virtual void StandStill() => Azurite.Pause();

    internal virtual void GoOn() => Azurite.Resume();

    private protected virtual RunningCluster Prepare() => RunningCluster.Prepared((redis, azurite) =>
    {
        (ToRedis, ToStorage) = (FaultyRoad.To(redis.Port), FaultyRoad.To(azurite.Port));
        return (ToRedis.Port, ToStorage.Port);
    });
}
