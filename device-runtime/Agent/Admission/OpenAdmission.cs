using System.Net;

namespace TrustMesh.Agent.Admission;

/// <summary>No admission in the kernel: applications ask the agent, and nothing keeps others out.</summary>
public sealed class OpenAdmission : IAdmission
{
    public string Description => "off";

    public Task CloseAsync(CancellationToken stop) => Task.CompletedTask;

    public Task ReachAsync(IReadOnlyCollection<IPEndPoint> endpoints, CancellationToken stop) => Task.CompletedTask;

    public Task AdmitAsync(IPAddress address, TimeSpan lifetime, CancellationToken stop) => Task.CompletedTask;

    public Task ExpelAsync(IPAddress address, CancellationToken stop) => Task.CompletedTask;

    public Task<bool> StandsAsync(CancellationToken stop) => Task.FromResult(true);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
