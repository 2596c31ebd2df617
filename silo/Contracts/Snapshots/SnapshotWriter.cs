using static TrustMesh.Contracts.Snapshots.SnapshotFormat;

namespace TrustMesh.Contracts.Snapshots;

/// <summary>Writes the graph in columns (SNAPSHOT.md): a twelfth of its JSON, and no word of it twice.</summary>
public static class SnapshotWriter
{
    /// <returns>One snapshot; times are cut to milliseconds.</returns>
    public static ReadOnlyMemory<byte> Write(GraphSnapshot snapshot)
    {
        var (nodes, edges) = (snapshot.Nodes, snapshot.Edges);
        // Nodes are the first ids, in their order. Who is only at the end of an edge comes after them: a snapshot is taken while the mesh goes on.
        var numbers = new Dictionary<string, int>(nodes.Count);
        var ids = new List<string>(nodes.Count);
        foreach (var node in nodes)
        {
            if (!numbers.TryAdd(node.Id, ids.Count)) throw new ArgumentException($"two nodes have the id {node.Id}", nameof(snapshot));
            ids.Add(node.Id);
        }
        var (from, to) = (new int[edges.Count], new int[edges.Count]);
        for (var i = 0; i < edges.Count; i++) (from[i], to[i]) = (NumberOf(edges[i].From), NumberOf(edges[i].To));

        var columns = new ColumnWriter((nodes.Count * 160) + (edges.Count * 24) + 4096);
        columns.Text(Mesh, [snapshot.Mesh], mesh => mesh);
        columns.Text(Id, ids, id => id);
        columns.Text(Name, nodes, node => node.Name);
        columns.Choice(Kind, nodes, node => node.Kind);
        columns.Choice(Site, nodes, node => node.Site);
        columns.Choice(Model, nodes, node => node.Model);
        columns.Choice(Tier, nodes, node => node.Tier);
        columns.Choice(Standing, nodes, node => node.Standing);
        columns.Choice(Status, nodes, node => node.Status);
        columns.Number(Fresh, nodes, node => node.Fresh ? 1 : 0);
        columns.Choice(Look, nodes, node => node.Look);
        columns.Number(ProvenAt, nodes, node => Moment(node.ProvenAt));
        columns.Number(ExpiresAfter, nodes, node => After(node.ProvenAt, node.ExpiresAt));
        columns.Number(Since, nodes, node => Moment(node.Since));
        columns.Number(EnrolledAt, nodes, node => Moment(node.EnrolledAt));
        columns.Choice(Firmware, nodes, node => node.Firmware);
        columns.Choice(Agent, nodes, node => node.Agent);
        columns.Number(Policy, nodes, node => node.Policy);
        columns.Choices(Tags, nodes, node => node.Tags ?? []);
        columns.Number(From, from, number => number);
        columns.Number(To, to, number => number);
        columns.Choice(EdgeStatus, edges, edge => edge.Status);
        columns.Number(EdgeFresh, edges, edge => edge.Fresh ? 1 : 0);
        columns.Number(EdgeProvenAt, edges, edge => Moment(edge.ProvenAt));
        columns.Number(EdgeExpiresAfter, edges, edge => After(edge.ProvenAt, edge.ExpiresAt));
        return columns.Finish(nodes.Count, edges.Count, ids.Count, snapshot.Sequence, snapshot.At.ToUnixTimeMilliseconds());

        int NumberOf(string id)
        {
            if (numbers.TryGetValue(id, out var number)) return number;
            numbers.Add(id, number = ids.Count);
            ids.Add(id);
            return number;
        }
    }

    private static long? Moment(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    /// <summary>How long a proof counts is the same for nearly all, so that it costs nothing once it is compressed.</summary>
    private static long? After(DateTimeOffset? proven, DateTimeOffset? expires) => Moment(expires) - (Moment(proven) ?? 0);
}
