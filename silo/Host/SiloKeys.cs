using TrustMesh.Host.Keys;
using TrustMesh.Host.Settings;
using TrustMesh.Trust.Authority;

namespace TrustMesh.Host;

/// <summary>The keys of a silo, from its state directory: the mesh authority's, which all silos of a mesh share, and its own.</summary>
public sealed class SiloKeys : IDisposable
{
    private SiloKeys(SigningKey authority, SigningKey silo, MeshAuthority mesh, SiloIdentity identity) => (Authority, Silo, MeshAuthority, Identity) = (authority, silo, mesh, identity);

    public SigningKey Authority { get; }

    /// <summary>Serves TLS to devices and signs results; its UEID is the silo's.</summary>
    public SigningKey Silo { get; }

    public MeshAuthority MeshAuthority { get; }

    public SiloIdentity Identity { get; }

    /// <summary>Reads the keys, or makes those that are not there. Throws <see cref="InvalidDataException"/> with a sentence for the operator.</summary>
    public static SiloKeys Open(SiloSettings settings, TimeProvider time)
    {
        var authority = KeyFile.OpenOrCreate(settings.AuthorityKey ?? Path.Combine(settings.State, "authority.key"));
        var silo = KeyFile.OpenOrCreate(Path.Combine(settings.State, "silo.key"));
        var mesh = new MeshAuthority(authority, settings.Mesh, time);
        return new(authority, silo, mesh, new(mesh, silo, settings.DeviceNames, time));
    }

    public void Dispose()
    {
        Identity.Dispose();
        Authority.Dispose();
        Silo.Dispose();
    }
}
