using TrustMesh.Orleans.Settings;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>The same over a Redis as storage, another one than that where the silos find each other: a test breaks one and not the other.</summary>
public sealed class TwoSilosOnRedis : TwoSilos
{
    internal override StorageAddress Storage => StorageRig.Address(Rows.Address, Rows.Password);

    private protected override string? Missing => RedisServer.IsInstalled ? null : "redis-server";

    private RedisServer Rows => Cluster.Rows!;

    internal override void Fail(string kind, RoadFault fault)
    {
        ToStorage.Clear();
        // Every write is a script; what is read is not.
        ToStorage.FailNext($"EVAL /{kind}/", fault);
    }

    internal override Task RefuseWritesAsync(StorageRefusal why)
        => why == StorageRefusal.Forbidden ? Rows.AskAsync("CONFIG SET min-replicas-to-write 1") : Rows.AskAsync("CONFIG SET maxmemory 1");

    internal override async Task TakeWritesAsync()
    {
        await Rows.AskAsync("CONFIG SET min-replicas-to-write 0");
        await Rows.AskAsync("CONFIG SET maxmemory 0");
    }

    internal override void Leave() => Rows.Kill();

    internal override void ComeBack() => Rows.Restart();

    internal override void StandStill() => Rows.Pause();

    internal override void GoOn() => Rows.Resume();

    private protected override RunningCluster Prepare() => RunningCluster.PreparedOnRedis((redis, rows) =>
    {
        (ToRedis, ToStorage) = (FaultyRoad.To(redis.Port), new RedisRoad(rows.Port));
        return (ToRedis.Port, ToStorage.Port);
    });
}
