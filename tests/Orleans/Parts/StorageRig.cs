using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;
using TrustMesh.Orleans.Settings;
using TrustMesh.Orleans.Storage;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>One of Orleans' storage providers with the options a silo gives it, started as a silo starts it, but without the silo.</summary>
internal sealed class StorageRig : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private StorageRig(ServiceProvider services, IGrainStorage storage) => (this.services, Storage) = (services, storage);

    public IGrainStorage Storage { get; }

    /// <param name="service">Redis keys begin with it.</param>
    public static async Task<StorageRig> StartAsync(StorageAddress address, string service, ILoggerFactory? loggers = null)
    {
        var registered = new ServiceCollection();
        registered.AddSingleton(loggers ?? NullLoggerFactory.Instance).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        registered.AddSerializer();
        registered.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (service, service));
        // What a silo has as everybody's default; the provider's own is what counts.
        registered.AddSingleton<IGrainStorageSerializer, RowSerializer>();
        registered.AddProvider(address);
        var services = registered.BuildServiceProvider();
        foreach (var validator in services.GetServices<IConfigurationValidator>()) validator.ValidateConfiguration();
        var storage = services.GetRequiredKeyedService<IGrainStorage>(StorageBuilder.Provider);
        var lifecycle = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        (storage as ILifecycleParticipant<ISiloLifecycle>)?.Participate(lifecycle);
        await lifecycle.OnStart(CancellationToken.None);
        return new(services, storage);
    }

    /// <summary>The address with its secret, read as a silo reads its settings; mistakes fail the test.</summary>
    public static StorageAddress Address(string uri, string? secret = null, string? authority = null)
    {
        var errors = new List<string>();
        var settings = StorageSettings.Read(key => key switch
        {
            "Cluster" => "redis://127.0.0.1:1",
            "Storage" => uri,
            "StorageSecret" => secret,
            "StorageCa" => authority,
            _ => null,
        }, errors);
        Assert.Empty(errors);
        return settings!.Storage;
    }

    public async ValueTask DisposeAsync() => await services.DisposeAsync();
}
