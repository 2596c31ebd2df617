using TrustMesh.Cli.Api;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Demo;

/// <summary>Follows the silo's graph: a snapshot, then numbered changes, and the snapshot again where a number is missing.</summary>
internal sealed class GraphWatch(SiloApi api, EventStream events, Action<GraphNode> changed)
{
    /// <summary>The nodes as last seen, by id.</summary>
    public Dictionary<string, GraphNode> Nodes { get; } = [];

    /// <summary>Devices as last seen, by name.</summary>
    public IEnumerable<GraphNode> Devices => Nodes.Values.Where(node => node.Kind == "device");

    /// <summary>Returns as soon as the graph is as asked.</summary>
    public async Task UntilAsync(Func<bool> isSo, CancellationToken ct)
    {
        while (true)
        {
            var snapshot = await api.GraphAsync(ct);
            var sequence = snapshot.Sequence;
            foreach (var gone in Nodes.Keys.Except(snapshot.Nodes.Select(node => node.Id)).ToList()) Nodes.Remove(gone);
            Apply(snapshot.Nodes);
            if (isSo()) return;
            await foreach (var delta in events.DeltasAsync(sequence, ct))
            {
                if (delta.Previous != sequence) break;
                sequence = delta.Sequence;
                foreach (var gone in delta.Removed) Nodes.Remove(gone);
                Apply(delta.Nodes);
                if (isSo()) return;
            }
        }
    }

    private void Apply(IReadOnlyList<GraphNode> nodes)
    {
        foreach (var node in nodes)
        {
            var before = Nodes.GetValueOrDefault(node.Id);
            Nodes[node.Id] = node;
            if (before?.Look != node.Look) changed(node);
        }
    }
}
