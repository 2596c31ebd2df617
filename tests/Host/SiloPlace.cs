namespace TrustMesh.Tests.Host;

/// <summary>Where one <see cref="RunningSilo"/> keeps its mesh, if not in a database of its own.</summary>
public abstract class SiloPlace : IAsyncDisposable
{
    /// <summary>The settings of a silo that lives there.</summary>
    public abstract TrustMesh.Host.Settings.SiloSettings Over(TrustMesh.Host.Settings.SiloSettings settings);

    /// <summary>All bytes that are stored.</summary>
    public abstract Task<byte[]> EverythingAsync();

    public abstract ValueTask DisposeAsync();
}
