using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Tests.Trust;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Tests.Orleans.Storage;

public abstract class ClusterTwinsConformance(StorageServers servers, string kind) : TwinStoreConformance, IAsyncLifetime
{
    private Stores stores = null!;

    protected override ITwinStore Store => stores.Twins;

    public async ValueTask InitializeAsync() => stores = new(await servers.NewAsync(kind));

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Assert.Empty(stores.Isolated);
        return ValueTask.CompletedTask;
    }
}

public abstract class ClusterRecordsConformance(StorageServers servers, string kind) : RecordStoreConformance, IAsyncLifetime
{
    private Stores stores = null!;

    protected override IRecordStore Store => stores.Records;

    public async ValueTask InitializeAsync() => stores = new(await servers.NewAsync(kind));

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Assert.Empty(stores.Isolated);
        return ValueTask.CompletedTask;
    }
}

[Collection(StorageCollection.Name)]
public sealed class ClusterTwinsInMemoryTests(StorageServers servers) : ClusterTwinsConformance(servers, "memory");

[Collection(StorageCollection.Name)]
public sealed class ClusterTwinsInRedisTests(StorageServers servers) : ClusterTwinsConformance(servers, "redis");

[Collection(StorageCollection.Name)]
public sealed class ClusterTwinsInAzuriteTests(StorageServers servers) : ClusterTwinsConformance(servers, "azurite");

[Collection(StorageCollection.Name)]
public sealed class ClusterRecordsInMemoryTests(StorageServers servers) : ClusterRecordsConformance(servers, "memory");

[Collection(StorageCollection.Name)]
public sealed class ClusterRecordsInRedisTests(StorageServers servers) : ClusterRecordsConformance(servers, "redis");

[Collection(StorageCollection.Name)]
public sealed class ClusterRecordsInAzuriteTests(StorageServers servers) : ClusterRecordsConformance(servers, "azurite");

[Collection(StorageCollection.Name)]
public sealed class ClusterTwinFaultTests(StorageServers servers) : DeviceTwinFaultTests, IAsyncLifetime
{
    private Stores stores = null!;

    protected override ITwinStore Inner => stores.Twins;

    public async ValueTask InitializeAsync() => stores = new(await servers.NewAsync("redis"));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
