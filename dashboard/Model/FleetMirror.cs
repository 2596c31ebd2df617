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

    private void Put(GraphNode node) => (node.Kind == "silo" ? _silos : _devices)[node.Id] = node;
}
