using System.Diagnostics.Metrics;

namespace TrustMesh.Orleans.Hosting;

/// <summary>
/// What the one there is in a mesh is asked, at the silo that has it: <c>trustmesh.authority.calls</c> of the meter <c>TrustMesh.Cluster</c>, by the call's name. A proof without news is
/// none of them, whatever the number of devices; what grows with it here is what saturates first (infra/CAPACITY.md).
/// </summary>
public sealed class AuthorityMeter : IDisposable
{
    public const string Name = "TrustMesh.Cluster", Calls = "trustmesh.authority.calls";

    private readonly Counter<long> calls;

    public AuthorityMeter() => calls = Meter.CreateCounter<long>(Calls, "{call}", "Calls to the mesh's authority, by name.");

    internal Meter Meter { get; } = new(Name);

    public void Asked(string call) => calls.Add(1, new KeyValuePair<string, object?>("call", call));

    public void Dispose() => Meter.Dispose();
}
