using TrustMesh.Host.Embedded;
using TrustMesh.Host.Settings;
using TrustMesh.Trust.Mesh;

namespace TrustMesh.Host;

/// <summary>Opens the place a silo's settings name: this process, or a cluster where this build has one.</summary>
internal static class Places
{
    /// <param name="stopping">Cancelled when the silo stops.</param>
    public static Task<IMeshPlace> OpenAsync(SiloSettings settings, SiloParts parts, SiloKeys keys, CancellationToken stopping, CancellationToken cancellation)
        => Task.FromResult<IMeshPlace>(new EmbeddedPlace(parts, Path.Combine(settings.State, "silo.db"), settings.Limits.ResidentTwins, stopping));
}
