using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using TrustMesh.Orleans.Storage;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Orleans.Settings;

/// <summary>Puts cluster membership and storage into a silo.</summary>
public static class StorageBuilder
{
    /// <summary>Name of the one grain storage.</summary>
    public const string Provider = "trustmesh";

    /// <summary>
    /// Membership in Redis, the storage <see cref="Provider"/>, the stores over it, and <see cref="StorageProbe"/>. Ids of service and cluster are the
    /// caller's: Redis keys begin with the former. Blobs have no such beginning: a mesh has a container of its own.
    /// </summary>
    public static ISiloBuilder AddStorage(this ISiloBuilder silo, StorageSettings settings)
    {
        silo.UseRedisClustering(options => options.ConfigurationOptions = StorageClients.Redis(settings.Cluster));
        silo.Services.AddProvider(settings.Storage).AddStores();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StorageProbe>();
        return silo;
    }

    /// <summary>The stores over the storage <see cref="Provider"/>, whichever it is. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddStores(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StorageMeter>();
        services.AddSingleton(provider => new Rows(provider.GetRequiredKeyedService<IGrainStorage>(Provider), provider.GetRequiredService<StorageMeter>()));
        services.AddSingleton<StorageLog>();
        services.AddSingleton(provider => new Catalogue(provider.GetRequiredService<Rows>(), provider.GetRequiredService<TimeProvider>(), Isolated(provider)));
        services.AddSingleton<ClusterRecords>();
        services.AddSingleton<IRecordStore>(provider => provider.GetRequiredService<ClusterRecords>());
        services.AddSingleton<ClusterTwins>();
        services.AddSingleton<ITwinStore>(provider => provider.GetRequiredService<ClusterTwins>());
        return services;
    }

    /// <summary>What cannot be read is told with what to do; a page of the catalogue is counted too, as it takes many rows out of every list.</summary>
    private static Action<string, string, string> Isolated(IServiceProvider provider)
    {
        var (log, meter) = (provider.GetRequiredService<StorageLog>(), provider.GetRequiredService<StorageMeter>());
        return (kind, id, why) =>
        {
            log.Unreadable(kind, id, why, UnreadableRecordException.Remedy(kind));
            if (kind == CatalogueBucket.PageKind) meter.HasFailed($"The stored {kind} row {id} cannot be read ({why}). {UnreadableRecordException.Remedy(kind)}");
        };
    }

    internal static IServiceCollection AddProvider(this IServiceCollection services, StorageAddress address) => address.Kind switch
    {
        StorageKind.Redis => services.AddRedisGrainStorage(Provider, options => options.Configure(redis =>
        {
            redis.ConfigurationOptions = StorageClients.Redis(address);
            redis.GrainStorageSerializer = new RowSerializer();
            redis.DeleteStateOnClear = true;
        })),
        StorageKind.AzureBlob => services.AddAzureBlobGrainStorage(Provider, options => options.Configure(blob =>
        {
            blob.BlobServiceClient = StorageClients.Blob(address);
            blob.ContainerName = address.Container;
            blob.GrainStorageSerializer = new RowSerializer();
            blob.DeleteStateOnClear = true;
        })),
        var kind => throw new ArgumentOutOfRangeException(nameof(address), kind, "There is no such storage."),
    };
}
