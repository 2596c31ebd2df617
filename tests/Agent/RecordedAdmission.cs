using System.Collections.Concurrent;
using System.Net;
using TrustMesh.Agent.Admission;

namespace TrustMesh.Tests.Agent;

/// <summary>An admission that remembers what it was told, and fails when a test says so.</summary>
internal sealed class RecordedAdmission : IAdmission
{
    private readonly ConcurrentQueue<string> calls = new();

    public string Description => "recorded";

    public IReadOnlyList<string> Calls => [.. calls];

    /// <summary>Words a call starts with that fails, once.</summary>
    public string? FailOnce { get; set; }

    public bool Stands { get; set; } = true;

    public Task CloseAsync(CancellationToken stop)
    {
        Stands = true;
        return Note("close");
    }

    public Task ReachAsync(IReadOnlyCollection<IPEndPoint> endpoints, CancellationToken stop) => Note("reach " + string.Join(' ', endpoints.Select(one => one.ToString()).Order(StringComparer.Ordinal)));

    public Task AdmitAsync(IPAddress address, TimeSpan lifetime, CancellationToken stop) => Note($"admit {address} {lifetime.TotalSeconds:0}");

    public Task ExpelAsync(IPAddress address, CancellationToken stop) => Note($"expel {address}");

    public Task<bool> StandsAsync(CancellationToken stop) => Task.FromResult(Stands);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task Note(string call)
    {
        if (FailOnce is { } fail && call.StartsWith(fail, StringComparison.Ordinal))
        {
            FailOnce = null;
            throw new IOException("nft is out of order");
        }
        calls.Enqueue(call.TrimEnd());
        return Task.CompletedTask;
    }
}
