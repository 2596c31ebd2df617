using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Snapshots;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What the silo writes is what the browser reads; what is cut, changed or hostile is noticed there, soon, and is nothing worse than refused.</summary>
public sealed class SnapshotInNodeTests(NodeReader node) : IClassFixture<NodeReader>
{
    [Fact]
    public async Task The_browser_reads_what_the_silo_wrote()
    {
        var fleet = FakeFleet.Of(300, 20, calm: 0.3, peers: 4);
        fleet.Add("\u202ehostile <b>\u0000 \ud83d\ude80 " + new string('x', 10_000), "\ufeffsite", "");
        var whole = fleet.Snapshot((1L << 52) + 7) with { At = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123) };
        whole = whole with { Edges = [.. whole.Edges, new("beyond", whole.Nodes[3].Id, "none", false, null, whole.At)] };
        var read = await node.AskAsync("read", SnapshotWriter.Write(whole));

        Assert.Equal(((1L << 52) + 7, 1_790_000_000_123, "north-works"), (read.GetProperty("sequence").GetInt64(), read.GetProperty("at").GetInt64(), read.GetProperty("mesh").GetString()));
        Assert.Equal(
            whole.Nodes.Select(one => (one.Id, one.Name, one.Kind, one.Site, one.Model, one.Tier, one.Look, Milliseconds(one.ProvenAt), Milliseconds(one.ExpiresAt))),
            read.GetProperty("nodes").EnumerateArray().Select(one => (
                Text(one, "id"), Text(one, "name"), Text(one, "kind"), Text(one, "site"), Text(one, "model"), Text(one, "tier"), Text(one, "look"), Number(one, "provenAt"), Number(one, "expiresAt"))));
        Assert.Equal(
            whole.Edges.Select(one => (one.From, one.To, one.Status, one.Fresh, Milliseconds(one.ExpiresAt))),
            read.GetProperty("edges").EnumerateArray().Select(one => (Text(one, "from"), Text(one, "to"), Text(one, "status"), one.GetProperty("fresh").GetBoolean(), Number(one, "expiresAt"))));
    }

    [Fact]
    public async Task A42_a_snapshot_that_is_cut_anywhere_or_changed_anywhere_is_refused_or_harmless_and_never_takes_long()
    {
        var bytes = SnapshotWriter.Write(FakeFleet.Of(30, 3, calm: 0.3).Snapshot(7));
        Assert.Equal(0, (await node.AskAsync("cut", bytes)).GetInt32());
        Assert.Equal(0, (await node.AskAsync("cutAndSaid", bytes)).GetInt32());
        var spoilt = await node.AskAsync("spoil", bytes, "7", "20000");
        Assert.InRange(spoilt.GetProperty("refused").GetInt32(), 5_000, 20_000);
        Assert.InRange(spoilt.GetProperty("longest").GetDouble(), 0, 2_000);
    }

    /// <summary>Figures for tests/Bench/BENCHMARKS.md, on demand.</summary>
    [Theory]
    [InlineData(10_000, 100)]
    [InlineData(50_000, 500)]
    public async Task Figures_of_the_snapshot_are_printed(int devices, int sites)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("TRUSTMESH_MEASURE") is { Length: > 0 }, "TRUSTMESH_MEASURE is not set: measured on demand");
        var whole = FakeFleet.Of(devices, sites, calm: 0.97, peers: 4).Snapshot(1);
        var (json, jsonWritten) = Best(() => JsonSerializer.SerializeToUtf8Bytes(whole, ContractJson.Default.GraphSnapshot));
        var (columns, written) = Best(() => SnapshotWriter.Write(whole).ToArray());
        var ((jsonPacked, jsonPacking), (packed, packing)) = (Best(() => Pack(json)), Best(() => Pack(columns)));
        var ((_, jsonRead), (_, read)) = (Best(() => JsonSerializer.Deserialize(json, ContractJson.Default.GraphSnapshot)), Best(() => SnapshotReader.Read(columns)));
        var browser = await node.AskAsync("time", columns, await node.SaveAsync(json));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"MEASURED | {devices:N0} devices, {whole.Edges.Count:N0} edges | JSON {json.Length:N0} B, packed {jsonPacked.Length:N0} B; write {jsonWritten:N0} ms, pack {jsonPacking:N0} ms, read in .NET {jsonRead:N0} ms, in node {browser.GetProperty("json").GetDouble():N0} ms | columns {columns.Length:N0} B, packed {packed.Length:N0} B; write {written:N0} ms, pack {packing:N0} ms, read in .NET {read:N0} ms, in node {browser.GetProperty("binary").GetDouble():N0} ms |"));
    }

    /// <summary>As the dashboard packs it for a browser.</summary>
    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest)) brotli.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>The result and the least milliseconds of five times.</summary>
    private static (T Result, double Least) Best<T>(Func<T> work)
    {
        var (result, least) = (default(T)!, double.PositiveInfinity);
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            result = work();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return (result, least);
    }

    private static long? Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    private static string Text(JsonElement one, string name) => one.GetProperty(name).GetString()!;

    private static long? Number(JsonElement one, string name) => one.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}
