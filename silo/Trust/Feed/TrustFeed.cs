using System.Buffers.Binary;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Feed;

/// <summary>
/// The live side of the mesh: the graph as snapshot plus numbered deltas, and the stream of events. A delta carries the present state of
/// what changed, so a reader that gets one twice or late is still right.
/// </summary>
public sealed class TrustFeed(string mesh, string siloId, DeviceDirectory directory, PeerEdges peers, RandomNumberGenerator random, TimeProvider time)
{
    /// <summary>Changes a reader may be behind before it has to fetch the snapshot again.</summary>
    public const int GraphDepth = 65_536;

    /// <summary>Events that are kept.</summary>
    public const int EventDepth = 1_000;

    private readonly FeedRing<GraphChange> graph = new(GraphDepth, Start(random));
    private readonly FeedRing<TrustEvent> events = new(EventDepth, Start(random));

    /// <summary>Which devices and edges changed, in order.</summary>
    public FeedRing<GraphChange> Graph => graph;

    public FeedRing<TrustEvent> Events => events;

    /// <summary>What a twin tells after a save.</summary>
    public void Publish(DeviceEntry entry, IReadOnlyList<TwinEvent> lines)
    {
        if (directory.Put(entry)) graph.Append(_ => new(entry.Device));
        foreach (var line in lines) Tell(entry.Device, entry.Name, line);
    }

    /// <summary>What changed in the edges of an issuer: those to these devices are new or others than before, or there are none any more.</summary>
    public void Edges(DeviceId issuer, IReadOnlyList<DeviceId> changed, IReadOnlyList<DeviceId> removed)
    {
        foreach (var subject in changed) graph.Append(_ => new(issuer, subject));
        foreach (var subject in removed) graph.Append(_ => new(issuer, subject));
    }

    /// <summary>An event of the mesh as a whole.</summary>
    public void Tell(TwinEvent line) => Tell(null, null, line);

    /// <summary>The whole graph. Its number is read first: what changes meanwhile comes again as a delta.</summary>
    public GraphSnapshot Snapshot()
    {
        var sequence = graph.Last;
        var now = time.GetUtcNow();
        var nodes = new List<GraphNode>(directory.Count + 1) { Silo };
        var edges = new List<GraphEdge>(directory.Count);
        foreach (var entry in directory.Entries)
        {
            nodes.Add(entry.Node(now));
            if (entry.Edge(siloId, now) is { } edge) edges.Add(edge);
        }
        foreach (var edge in peers.All) edges.Add(edge.Edge(now));
        return new(sequence, now, mesh, nodes, edges);
    }

    /// <summary>All changes after that number as one delta; null if the reader has to fetch the snapshot again.</summary>
    public GraphDelta? Delta(long after)
    {
        if (graph.After(after) is not { } changed) return null;
        var now = time.GetUtcNow();
        var nodes = new List<GraphNode>();
        var edges = new List<GraphEdge>();
        var gone = new List<string>();
        foreach (var (device, to) in changed.Distinct())
        {
            if (to is { } subject)
            {
                if (peers.Find(device, subject) is { } peer) edges.Add(peer.Edge(now));
                else gone.Add($"{device.Text}>{subject.Text}");
                continue;
            }
            if (!directory.TryGet(device, out var entry)) continue;
            nodes.Add(entry.Node(now));
            if (entry.Edge(siloId, now) is { } edge) edges.Add(edge);
        }
        return new(after, after + changed.Count, nodes, edges, [], gone.Count == 0 ? null : gone);
    }

    private GraphNode Silo => new(siloId, $"silo.{mesh}", "silo", "", "", "", "active", "affirming", true, Looks.Trusted, null, null);

    /// <summary>
    /// From 2^50 up to 2^52: a reader that comes from another silo, or from an earlier run of this one, has by all odds a number this feed never gave, and is told to
    /// start over. Numbers stay below 2^53, where JSON's readers stop counting in ones.
    /// </summary>
    private static long Start(RandomNumberGenerator random)
    {
        const long least = 1L << 50, most = 1L << 52;
        Span<byte> drawn = stackalloc byte[sizeof(ulong)];
        random.GetBytes(drawn);
        return least + (long)(BinaryPrimitives.ReadUInt64BigEndian(drawn) % (ulong)(most - least));
    }

    private void Tell(DeviceId? device, string? name, TwinEvent line)
        => events.Append(number => new(number, line.At, device?.Text, name, EventKinds.Text(line.Kind), line.Text, line.Actor));
}
