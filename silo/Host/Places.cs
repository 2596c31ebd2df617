using TrustMesh.Host.Embedded;
using TrustMesh.Host.Settings;
using TrustMesh.Trust.Mesh;
#if TRUSTMESH_ORLEANS
using TrustMesh.Orleans.Hosting;
#endif

namespace TrustMesh.Host;

/// <summary>Opens the place a silo's settings name: this process, or a cluster where this build has one (-p:TrustMeshOrleans=true).</summary>
internal static class Places
{
    /// <summary>Keys of the configuration that mean a cluster.</summary>
    public static IReadOnlyList<string> ClusterKeys { get; } = ["Cluster", "Storage"];

    /// <summary>The settings of the cluster, null if none is asked for; mistakes are added to <paramref name="errors"/>.</summary>
    public static ClusterOptions? Read(Func<string, string?> value, List<string> errors)
    {
        if (ClusterKeys.All(key => value(key) is null)) return null;
#if TRUSTMESH_ORLEANS
        return ClusterSettings.Read(value, errors) is { } settings ? new OrleansCluster(settings) : null;
#else
        errors.Add("This build of the silo has no cluster (--cluster, --storage). Build it with: dotnet build silo/Host -p:TrustMeshOrleans=true");
        return null;
#endif
    }

    /// <param name="stopping">Cancelled when the silo stops.</param>
    /// <param name="putOut">Called with a sentence when the cluster goes on without this silo.</param>
    public static async Task<IMeshPlace> OpenAsync(SiloSettings settings, SiloParts parts, SiloKeys keys, Action<string> putOut, CancellationToken stopping, CancellationToken cancellation)
    {
#if TRUSTMESH_ORLEANS
        if (settings.Cluster is OrleansCluster cluster)
            return await ClusterPlace.OpenAsync(
                new(parts.Authority, keys.Silo, parts.Memberships, parts.Results, parts.Loggers, parts.Time, putOut, stopping), cluster.Settings, cancellation);
#endif
        await Task.CompletedTask;
        return new EmbeddedPlace(parts, Path.Combine(settings.State, "silo.db"), settings.Limits.ResidentTwins, stopping);
    }
#if TRUSTMESH_ORLEANS

    private sealed record OrleansCluster(ClusterSettings Settings) : ClusterOptions;
#endif
}
