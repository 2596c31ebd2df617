using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Storage;
using TrustMesh.Orleans.Settings;
using TrustMesh.Orleans.Storage;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>A silo in this process whose storage is Orleans' own in memory: its rows are kept by grains, so it needs a silo.</summary>
internal sealed class MemorySilo : IAsyncDisposable
{
    private readonly IHost host;

    private MemorySilo(IHost host) => this.host = host;

    public IGrainStorage Storage => host.Services.GetRequiredKeyedService<IGrainStorage>(StorageBuilder.Provider);

    public static async Task<MemorySilo> StartAsync()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(ServerProcess.FreePort(), ServerProcess.FreePort())
            .AddMemoryGrainStorage(StorageBuilder.Provider, options => options.Configure(memory => memory.GrainStorageSerializer = new RowSerializer())));
        var silo = new MemorySilo(builder.Build());
        await silo.host.StartAsync();
        return silo;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
