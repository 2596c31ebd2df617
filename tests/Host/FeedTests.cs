using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Snapshots;

namespace TrustMesh.Tests.Host;

public class FeedTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task A_reader_gets_the_snapshot_and_then_every_change()
    {
        await using var silo = await RunningSilo.StartAsync();
        var snapshot = await silo.GetAsync<GraphSnapshot>("graph");
        Assert.Equal("silo", Assert.Single(snapshot.Nodes).Kind);
        using var reader = await OpenAsync(silo, $"graph/feed?after={snapshot.Sequence}");
        using var device = await silo.JoinAsync();
        var (name, data) = await NextAsync(reader);
        var delta = JsonSerializer.Deserialize<GraphDelta>(data, Json)!;
        Assert.Equal(("delta", snapshot.Sequence, "device-1"), (name, delta.Previous, Assert.Single(delta.Nodes).Name));
        await device.ProveAsync();
        // A silo of a cluster may tell once more of the device that joined, when its shard does.
        do
        {
            (name, data) = await NextAsync(reader);
            var before = delta;
            delta = JsonSerializer.Deserialize<GraphDelta>(data, Json)!;
            Assert.Equal(("delta", before.Sequence), (name, delta.Previous));
            Assert.Equal("device-1", Assert.Single(delta.Nodes).Name);
        }
        while (delta.Edges.Count == 0);
        Assert.Equal(device.Id.Text, Assert.Single(delta.Edges).To);
    }

    [Fact]
    public async Task Who_accepts_columns_gets_the_same_graph_in_columns()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "graph");
        request.Headers.Accept.ParseAdd(SnapshotFormat.MediaType);
        using var answer = await silo.Operator.SendAsync(request);
        Assert.Equal(SnapshotFormat.MediaType, answer.Content.Headers.ContentType?.MediaType);
        var columns = SnapshotReader.Read(await answer.Content.ReadAsByteArrayAsync());
        var json = await silo.GetAsync<GraphSnapshot>("graph");
        Assert.Equal((json.Sequence, json.Mesh), (columns.Sequence, columns.Mesh));
        Assert.Equal(json.Nodes.Select(node => (node.Id, node.Name, node.Kind, node.Site, node.Model, node.Tier, node.Look, node.Agent, node.Policy)), columns.Nodes.Select(node => (node.Id, node.Name, node.Kind, node.Site, node.Model, node.Tier, node.Look, node.Agent, node.Policy)));
        Assert.Equal(json.Edges.Select(edge => (edge.From, edge.To, edge.Status, edge.Fresh, edge.ExpiresAt?.ToUnixTimeMilliseconds())), columns.Edges.Select(edge => (edge.From, edge.To, edge.Status, edge.Fresh, edge.ExpiresAt?.ToUnixTimeMilliseconds())));
    }

    [Fact]
    public async Task A_reader_whose_number_is_unknown_is_told_to_start_over()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var reader = await OpenAsync(silo, "graph/feed?after=1");
        Assert.Equal("resync", (await NextAsync(reader)).Name);
        Assert.Equal("", (await reader.ReadToEndAsync().WaitAsync(Deadline)).Trim());
    }

    [Fact]
    public async Task Numbers_of_another_silo_and_of_an_earlier_run_are_unknown_and_exact_in_json()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var other = await RunningSilo.StartAsync();
        var (here, there) = (await silo.GetAsync<GraphSnapshot>("graph"), await other.GetAsync<GraphSnapshot>("graph"));
        long[] starts = [here.Sequence, there.Sequence, silo.Silo.Feed.Events.Last, other.Silo.Feed.Events.Last];
        Assert.Equal(4, starts.Distinct().Count());
        Assert.All(starts, start => Assert.InRange(start, 1L << 50, (1L << 52) + 100));
        using (var reader = await OpenAsync(silo, $"graph/feed?after={there.Sequence}")) Assert.Equal("resync", (await NextAsync(reader)).Name);
        await silo.RestartAsync();
        using var again = await OpenAsync(silo, $"graph/feed?after={here.Sequence}");
        Assert.Equal("resync", (await NextAsync(again)).Name);
    }

    [Fact]
    public async Task A_silent_device_turns_stale_by_itself_and_everyone_is_told()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { LifetimeSeconds = 2, IntervalSeconds = 1 });
        using var device = await silo.JoinAsync();
        using var reader = await OpenAsync(silo, "events");
        await device.ProveAsync();
        TrustEvent line;
        do line = JsonSerializer.Deserialize<TrustEvent>((await NextAsync(reader)).Data, Json)!;
        while (line.Kind != "stale");
        Assert.Equal(("device-1", "clock"), (line.Name, line.Actor));
        var known = await silo.GetAsync<DeviceDetail>("devices/device-1");
        Assert.False(known.Device.Fresh);
        Assert.Equal(known.Verdict!.ExpiresAt, known.Timeline[^1].At);
    }

    [Fact]
    public async Task A_stream_ends_with_its_session()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var viewer = await silo.SignInAsync("viewer");
        using var answer = await viewer.GetAsync("graph/feed", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        using var _ = await viewer.DeleteAsync("session");
        using var device = await silo.JoinAsync();
        Assert.DoesNotContain("device-2", await reader.ReadToEndAsync().WaitAsync(Deadline), StringComparison.Ordinal);
    }

    private static async Task<StreamReader> OpenAsync(RunningSilo silo, string path)
    {
        var answer = await silo.Operator.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new(await answer.Content.ReadAsStreamAsync());
    }

    private static async Task<(string Name, string Data)> NextAsync(StreamReader reader)
    {
        var name = "";
        while (await reader.ReadLineAsync().WaitAsync(Deadline) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return (name, line[6..]);
        }
        throw new EndOfStreamException("the stream ended");
    }
}
