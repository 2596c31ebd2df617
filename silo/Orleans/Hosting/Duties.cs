using System.Collections.Concurrent;

namespace TrustMesh.Orleans.Hosting;

/// <summary>What of the mesh is in this silo's hands, for the list of silos. Thread-safe.</summary>
public sealed class Duties
{
    private readonly ConcurrentDictionary<string, bool> held = new();
    private int twins;

    /// <summary>Twins in memory.</summary>
    public int Twins => Volatile.Read(ref twins);

    /// <summary>By name: "authority", "log 0", "shard 7".</summary>
    public string[] Held => [.. held.Keys.Order(StringComparer.Ordinal)];

    public void TwinCame() => Interlocked.Increment(ref twins);

    public void TwinWent() => Interlocked.Decrement(ref twins);

    public void Took(string duty) => held[duty] = true;

    public void Gave(string duty) => held.TryRemove(duty, out _);
}
