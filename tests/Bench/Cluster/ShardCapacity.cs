using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Serialization;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Bench.Cluster;

/// <summary>What shards of the index keep of each device, what they say about it to silos and to the authority, and what a follower keeps besides its replica.</summary>
internal static class ShardCapacity
{
    private const int Written = 2_000;

    public static IEnumerable<Row> Run(DeviceEntry[] devices)
    {
        var n = devices.Length;
        var (shards, each, took) = CapacityBench.Weigh(n, () =>
        {
            var items = new SortedDictionary<string, ShardItem>(StringComparer.Ordinal);
            var edges = new Dictionary<DeviceId, IssuerEdges>();
            var dues = new ExpiryQueue(_ => { }, TimeProvider.System);
            for (var i = 0; i < n; i++)
            {
                var item = Item(devices[i], i);
                items[devices[i].Device.Text] = item;
                edges[devices[i].Device] = new(devices[i].Device, 1, false, CapacityBench.EdgesOf(devices, i));
                dues.Set(devices[i].Device, DateTimeOffset.UtcNow.AddDays(1));
            }
            return (items, edges, dues);
        });
        yield return new($"shards of the index, {CapacityBench.Say(n)} devices, all of them together", $"{each:N0} B a device, {took.TotalMicroseconds / n:N2} µs to put", "entry, what the list says, four edges, when it is due", "");
        shards.dues.Dispose();
        var (_, sessions, _) = CapacityBench.Weigh(n, () =>
        {
            // As MeshFollower keeps them.
            var (bySession, byDevice) = (new ConcurrentDictionary<string, DeviceId>(), new ConcurrentDictionary<DeviceId, string>());
            for (var i = 0; i < n; i++)
            {
                var session = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i)));
                (bySession[session], byDevice[devices[i].Device]) = (devices[i].Device, session);
            }
            return (bySession, byDevice);
        });
        yield return new($"session keys a silo follows, {CapacityBench.Say(n)} devices", $"{sessions:N0} B a device", "thumbprint to device and back", "");
        var some = Math.Min(Written, n);
        ShardItem[] news = [.. Enumerable.Range(0, some).Select(i => Item(devices[i * (n / some)], i))];
        byte[] json = [];
        var writing = CapacityBench.Milliseconds(() => json = JsonSerializer.SerializeToUtf8Bytes(news, MeshSerialization.Options));
        var reading = CapacityBench.Milliseconds(() => JsonSerializer.Deserialize<ShardItem[]>(json, MeshSerialization.Options));
        yield return new($"news of a proof to a silo, {CapacityBench.Say(n)} devices", $"{json.Length / (double)some:N0} B, {writing * 1000 / some:N1} µs to write, {reading * 1000 / some:N1} µs to read", $"{some} together", "");
        DeviceEntry[] roster = [.. news.Select(item => item.Entry!)];
        var rostering = CapacityBench.Milliseconds(() => json = JsonSerializer.SerializeToUtf8Bytes(roster, MeshSerialization.Options));
        var reread = CapacityBench.Milliseconds(() => JsonSerializer.Deserialize<DeviceEntry[]>(json, MeshSerialization.Options));
        var perShard = json.Length / (double)some * n / 32;
        yield return new($"roster to an authority that comes up, {CapacityBench.Say(n)} devices", $"{json.Length / (double)some:N0} B a device, {(rostering + reread) * 1000 / some:N1} µs to write and read", $"{perShard / (1 << 20):N1} MiB from each of 32 shards", "");
        var paging = Stopwatch.StartNew();
        var pages = 0;
        for (string? last = null; ; pages++)
        {
            // As ShardGrain.PageAsync walks, one shard of 32.
            var page = shards.items.SkipWhile(pair => last is not null && string.CompareOrdinal(pair.Key, last) <= 0).Take(1_000).ToList();
            if (page.Count == 0 || pages == 32) break;
            last = page[^1].Key;
        }
        yield return new($"a whole for a silo that comes up, {CapacityBench.Say(n)} devices in one shard", $"{paging.Elapsed.TotalMilliseconds / Math.Max(1, pages):N1} ms a page over its first {pages} pages of 1,000", "walks to the page's start each time", "");
    }

    private static ShardItem Item(DeviceEntry entry, int i)
        => new(CapacityBench.Copied(entry, 10), null, null, null, [], Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i))), new StatusChange(entry.Device, entry.Name, Standing.Active, i + 1, entry.EnrolledAt, "admin", ""));
}
