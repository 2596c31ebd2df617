using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>The graph as last heard: one snapshot and the deltas since. Not for two callers at once.</summary>
public sealed class FleetMirror
{
    private readonly Dictionary<string, GraphNode> _devices = [];
    private readonly Dictionary<string, GraphNode> _silos = [];

    public string Mesh { get; private set; } = "";

    public long Sequence { get; private set; } = -1;

    public IReadOnlyDictionary<string, GraphNode> Devices => _devices;

    public IReadOnlyDictionary<string, GraphNode> Silos => _silos;

    public void Apply(GraphSnapshot snapshot)
    {
        _devices.Clear();
        _silos.Clear();
        foreach (var node in snapshot.Nodes)
            Put(node);
        Mesh = snapshot.Mesh;
        Sequence = snapshot.Sequence;
    }

    /// <returns>False on a gap: nothing was applied, fetch the snapshot again.</returns>
    public bool Apply(GraphDelta delta)
    {
        if (delta.Sequence <= Sequence)
            return true; // Heard before.
        if (delta.Previous != Sequence)
            return false;
        foreach (var node in delta.Nodes)
            Put(node);
        foreach (var id in delta.Removed)
        {
            _devices.Remove(id);
            _silos.Remove(id);
        }
        Sequence = delta.Sequence;
        return true;
    }

    private void Put(GraphNode node)
    {
        var nodes = node.Kind == "silo" ? _silos : _devices;
        nodes[node.Id] = nodes.TryGetValue(node.Id, out var before) ? Sharing(node, before) : node;
    }

    /// <summary>A snapshot has each word once, a delta once for every device it tells of: what stays as it was keeps the word it had, or a circuit would grow while it is left open.</summary>
    private static GraphNode Sharing(GraphNode node, GraphNode before)
    {
        return node with
        {
            Id = before.Id, Name = Same(before.Name, node.Name)!, Kind = before.Kind, Site = Same(before.Site, node.Site)!, Model = Same(before.Model, node.Model)!, Tier = Same(before.Tier, node.Tier)!,
            Standing = Same(before.Standing, node.Standing)!, Status = Same(before.Status, node.Status)!, Look = Same(before.Look, node.Look)!, Firmware = Same(before.Firmware, node.Firmware), Agent = Same(before.Agent, node.Agent),
        };

        static string? Same(string? had, string? has) => had == has ? had : has;
    }
}
