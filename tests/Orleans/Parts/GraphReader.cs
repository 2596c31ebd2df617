using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>Follows the graph of one silo as a dashboard does: the snapshot, deltas after it, and the snapshot again after a gap or when the silo was away.</summary>
internal sealed class GraphReader : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient silo;
    private readonly CancellationTokenSource end = new();
    private readonly TaskCompletionSource live = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly FleetMirror fleet = new();
    private readonly Dictionary<string, GraphEdge> edges = [];
    private readonly Task following;
    private int snapshots, deltas;

    private GraphReader(HttpClient silo)
    {
        this.silo = silo;
        following = RunAsync();
    }

    /// <summary>Snapshots it took; one, where nothing was missed.</summary>
    public int Snapshots => Volatile.Read(ref snapshots);

    public int Deltas => Volatile.Read(ref deltas);

    /// <summary>All that is drawn and does not go by the clock.</summary>
    public string Drawn
    {
        get { lock (gate) return Draw(fleet.Devices.Values, edges.Values); }
    }

    /// <summary>Starts to read; ends when it hears of every change.</summary>
    public static async Task<GraphReader> AtAsync(RunningSilo silo)
    {
        var reader = new GraphReader(silo.Client(silo.Token));
        await reader.live.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return reader;
    }

    public static string Draw(GraphSnapshot graph) => Draw(graph.Nodes.Where(node => node.Kind != "silo"), graph.Edges);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await following;
        end.Dispose();
        silo.Dispose();
    }

    private static string Draw(IEnumerable<GraphNode> nodes, IEnumerable<GraphEdge> edges) => string.Join('\n',
        nodes.Select(node => $"{node.Name} {node.Id} {node.Standing} {node.Status} {node.Look} {string.Join(',', node.Tags ?? [])}").Concat(edges.Select(edge => $"{edge.From}>{edge.To} {edge.Status}")).Order(StringComparer.Ordinal));

    private async Task RunAsync()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await FollowAsync();
            }
            catch (Exception lost) when (end.IsCancellationRequested || lost is HttpRequestException or IOException)
            {
                // Away: asked again until it is there.
                await Task.Delay(Again, CancellationToken.None);
            }
        }
    }

    /// <summary>Ends on a gap.</summary>
    private async Task FollowAsync()
    {
        var graph = JsonSerializer.Deserialize(await silo.GetStringAsync("graph", end.Token), ContractJson.Default.GraphSnapshot)!;
        lock (gate)
        {
            fleet.Apply(graph);
            edges.Clear();
            foreach (var edge in graph.Edges) edges[$"{edge.From}>{edge.To}"] = edge;
        }
        Interlocked.Increment(ref snapshots);
        using var answer = await silo.GetAsync($"graph/feed?after={graph.Sequence}", HttpCompletionOption.ResponseHeadersRead, end.Token);
        answer.EnsureSuccessStatusCode();
        live.TrySetResult();
        await using var stream = await answer.Content.ReadAsStreamAsync(end.Token);
        await foreach (var (name, data) in EventStream.ReadAsync(stream, end.Token))
            if (name == "resync" || name == "delta" && !Apply(JsonSerializer.Deserialize(data, ContractJson.Default.GraphDelta)!)) return;
        throw new IOException("the stream ended");
    }

    private bool Apply(GraphDelta delta)
    {
        lock (gate)
        {
            if (!fleet.Apply(delta)) return false;
            foreach (var edge in delta.Edges) edges[$"{edge.From}>{edge.To}"] = edge;
            foreach (var gone in delta.RemovedEdges ?? []) edges.Remove(gone);
            foreach (var gone in delta.Removed.SelectMany(id => edges.Keys.Where(edge => edge.Split('>').Contains(id)).ToList())) edges.Remove(gone);
        }
        Interlocked.Increment(ref deltas);
        return true;
    }
}
