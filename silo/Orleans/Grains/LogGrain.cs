using Orleans.Concurrency;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Orleans.Storage;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Log;

namespace TrustMesh.Orleans.Grains;

/// <summary>Hosts a <see cref="LogWriter"/>. Callers interleave: that is how their lines get under one signature.</summary>
[GrainType("log"), Reentrant, HomePlacement, KeepAlive]
public sealed class LogGrain : Grain, ILogGrain
{
    private readonly LogWriter writer;
    private readonly Duties duties;
    private readonly string duty;

    public LogGrain(MeshAuthority authority, ClusterRecords records, Duties duties, TimeProvider time)
    {
        var number = (int)this.GetPrimaryKeyLong();
        (this.duties, duty) = (duties, $"log {number}");
        writer = new(authority, number, records, time);
    }

    /// <summary>A head that cannot be read is no reason not to come up (attack A43): whoever appends is told which row it is, and one that is restored counts at once.</summary>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        duties.Took(duty);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        duties.Gave(duty);
        return Task.CompletedTask;
    }

    public Task AppendAsync(LogLine[] lines) => writer.AppendAsync(lines, CancellationToken.None);
}
