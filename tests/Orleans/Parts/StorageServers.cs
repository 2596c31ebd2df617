using Orleans.Storage;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>One server of each kind for all tests of a collection, started when the first test asks.</summary>
public sealed class StorageServers : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> rigs = [];
    private RedisServer? redis;
    private Azurite? azurite;
    private MemorySilo? silo;

    /// <summary>The kinds of storage every conformance suite runs over.</summary>
    public static TheoryData<string> Kinds => ["memory", "redis", "azurite"];

    /// <summary>A storage without rows.</summary>
    internal async Task<FaultyStorage> NewAsync(string kind)
    {
        var own = $"t{Guid.NewGuid():n}";
        return new(await InnerAsync(kind, own), own);
    }

    /// <summary>The same rows over a connection of its own: what another silo has.</summary>
    internal async Task<FaultyStorage> AnotherAsync(string kind, FaultyStorage of) => new(await InnerAsync(kind, of.Prefix), of.Prefix);

    private async Task<IGrainStorage> InnerAsync(string kind, string own)
    {
        switch (kind)
        {
            case "memory":
                silo ??= await MemorySilo.StartAsync();
                return silo.Storage;
            case "redis":
                redis ??= RedisServer.Start(Guid.NewGuid().ToString("n"));
                return await RigAsync(StorageRig.Address(redis.Address, redis.Password), own);
            default:
                azurite ??= Azurite.Start();
                return await RigAsync(StorageRig.Address(azurite.Address("tests"), azurite.Key), own);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var rig in rigs) await rig.DisposeAsync();
        if (silo is not null) await silo.DisposeAsync();
        redis?.Dispose();
        azurite?.Dispose();
    }

    private async Task<IGrainStorage> RigAsync(TrustMesh.Orleans.Settings.StorageAddress address, string own)
    {
        var rig = await StorageRig.StartAsync(address, own);
        rigs.Add(rig);
        return rig.Storage;
    }
}
