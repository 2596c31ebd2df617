using Microsoft.Extensions.Hosting;

namespace TrustMesh.Orleans.Hosting;

/// <summary>The process belongs to whoever opened the cluster: no signal is taken from it. The framework's own would, and the process could not be stopped by one.</summary>
internal sealed class HostedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
