using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Runtime;
using TrustMesh.Orleans.Serialization;
using TrustMesh.Orleans.Settings;
using TrustMesh.Trust.Log;

namespace TrustMesh.Orleans.Hosting;

/// <summary>An Orleans silo for a mesh: membership, storage, TLS, and what grains need.</summary>
internal static class ClusterHost
{
    private static readonly TimeSpan Response = TimeSpan.FromSeconds(10), Probe = TimeSpan.FromSeconds(2), Refresh = TimeSpan.FromSeconds(10), Alive = TimeSpan.FromSeconds(4);

    /// <summary>How long a shard may take to read its part of a large mesh.</summary>
    private static readonly TimeSpan Rebuild = TimeSpan.FromMinutes(10);

    public static IHost Build(ClusterParts parts, ClusterSettings settings)
    {
        var builder = new HostBuilder();
        builder.UseOrleans(silo =>
        {
            var service = $"trustmesh-{parts.Authority.Mesh}";
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (service, service));
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
            silo.Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = settings.Advertised.Address;
                options.SiloPort = settings.Advertised.Port;
                options.SiloListeningEndpoint = settings.Listen;
                // Nobody but silos connects: there is no gateway.
                options.GatewayPort = 0;
            });
            silo.Configure<SiloMessagingOptions>(options => (options.ResponseTimeout, options.SystemResponseTimeout) = (Response, Response));
            silo.Configure<GrainCollectionOptions>(options => options.ActivationTimeout = Rebuild);
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                // A silo that does not answer for three times two seconds is given up, and its share goes to the others.
                (options.ProbeTimeout, options.NumMissedProbesLimit, options.TableRefreshTimeout) = (Probe, 3, Refresh);
                // How long a silo has been joining the others would compute from its clock and theirs: one that is five minutes behind would never get in.
                options.EvictWhenMaxJoinAttemptTimeExceeded = false;
                // One that has said nothing of itself for three times that long does not count when silos vote: of three of which two went at once the third is
                // a minority else and may not give up either, and those that do not come back hold up a start.
                (options.IAmAliveTablePublishTimeout, options.NumMissedTableIAmAliveLimit) = (Alive, 3);
                options.DefunctSiloExpiration = TimeSpan.FromDays(1);
            });
            silo.AddStorage(settings.Storage);
            silo.UseTls(new ClusterTls(parts.Authority, parts.Silo, parts.Loggers.CreateLogger<ClusterTls>(), parts.Time).Configure);
            silo.Services.AddPlacementDirector<HomePlacement, HomePlacementDirector>();
            AddParts(silo.Services, parts);
        });
        builder.ConfigureServices(services => services.AddSingleton<IHostLifetime, HostedLifetime>().AddSingleton(parts.Loggers).Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15)));
        return builder.Build();
    }

    private static void AddParts(IServiceCollection services, ClusterParts parts)
    {
        services.AddSingleton(parts).AddSingleton(parts.Authority).AddSingleton(parts.Memberships).AddSingleton(parts.Results).AddSingleton(parts.Time);
        services.AddSingleton<Duties>().AddSingleton<Homes>().AddSingleton<Idlers>().AddSingleton<ShardOutlet>().AddSingleton<AuthorityMeter>().AddSingleton<MeshLogs>().AddSingleton<IMeshLog>(services => services.GetRequiredService<MeshLogs>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, JoinCheck>();
        services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler, FatalErrors>());
        services.AddMeshSerialization();
    }
}
