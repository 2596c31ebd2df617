using System.Collections.Concurrent;
using TrustMesh.Cli.Api;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Demo;

/// <summary>Follows the silo's graph: a snapshot, then numbered changes, and the snapshot again where a number is missing. Read by the control socket meanwhile.</summary>
internal sealed class GraphWatch(SiloApi api, EventStream events, TimeProvider time, Action<GraphNode> changed)
{
    /// <summary>The nodes as last seen, by id.</summary>
    public ConcurrentDictionary<string, GraphNode> Nodes { get; } = [];

    /// <summary>The edges as last seen, by their ends.</summary>
    public ConcurrentDictionary<(string From, string To), GraphEdge> Edges { get; } = [];

    /// <summary>Devices as last seen, by name.</summary>
    public IEnumerable<GraphNode> Devices => Nodes.Values.Where(node => node.Kind == "device");

    /// <summary>One device's good word on another that counts now, both ends as ids.</summary>
    public IEnumerable<(string From, string To)> Trusting => Edges.Keys.Where(edge => IsDevice(edge.From) && IsDevice(edge.To) && Trusts(edge.From, edge.To));

    /// <summary>An edge is told of when somebody speaks; when nobody does it runs out by the clock alone.</summary>
    public bool Trusts(string from, string to)
        => Edges.TryGetValue((from, to), out var edge) && edge is { Fresh: true, Status: "affirming" or "warning" } && edge.ExpiresAt > time.GetUtcNow();

    /// <summary>Returns as soon as the graph is as asked.</summary>
    public async Task UntilAsync(Func<bool> isSo, CancellationToken ct)
    {
        while (true)
        {
            var snapshot = await api.GraphAsync(ct);
            var sequence = snapshot.Sequence;
            foreach (var gone in Nodes.Keys.Except(snapshot.Nodes.Select(node => node.Id)).ToList()) Nodes.TryRemove(gone, out _);
            Edges.Clear();
            Apply(snapshot.Nodes, snapshot.Edges);
            if (isSo()) return;
            await foreach (var delta in events.DeltasAsync(sequence, ct))
            {
                if (delta.Previous != sequence) break;
                sequence = delta.Sequence;
                foreach (var gone in delta.Removed) Nodes.TryRemove(gone, out _);
                foreach (var gone in delta.RemovedEdges ?? [])
                    if (gone.Split('>') is [var from, var to]) Edges.TryRemove((from, to), out _);
                Apply(delta.Nodes, delta.Edges);
                if (isSo()) return;
            }
        }
    }

    private void Apply(IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphEdge> edges)
    {
        foreach (var edge in edges) Edges[(edge.From, edge.To)] = edge;
        foreach (var node in nodes)
        {
            var before = Nodes.GetValueOrDefault(node.Id);
            Nodes[node.Id] = node;
            if (before?.Look != node.Look) changed(node);
        }
    }

    private bool IsDevice(string id) => Nodes.TryGetValue(id, out var node) && node.Kind == "device";
}
