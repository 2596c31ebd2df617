using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Grains;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Orleans.Hosting;

/// <summary>
/// What twins of this silo tell the index. What somebody waits for (a decision, an event) goes at once and is awaited; proofs without news go
/// together, a few times a second. What did not get there is told again; what is lost with the silo the index learns with the next proof. Thread-safe.
/// </summary>
public sealed class ShardOutlet(IGrainFactory grains, ILogger<ShardOutlet> log, TimeProvider time)
{
    private const int MostWaiting = 100_000;
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(50), Again = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<DeviceId, ShardItem> waiting = new();
    private int sending;

    /// <summary>A decision about the device is on its way.</summary>
    public Task ExpectAsync(DeviceId device) => Shard(device).ExpectAsync(device);

    public async Task PublishAsync(DeviceId device, ShardItem[] items)
    {
        if (items.Any(IsNews))
        {
            await Shard(device).PublishAsync(items);
            return;
        }
        // The newest says it all.
        if (waiting.Count < MostWaiting || waiting.ContainsKey(device)) waiting[device] = items[^1];
        Send(Together);
    }

    /// <summary>What somebody knows and the shards may not: told with what else waits, and news to none that knows it.</summary>
    public void Tell(IReadOnlyCollection<ShardItem> known)
    {
        foreach (var item in known)
            if (item.Entry is { } entry)
                waiting.AddOrUpdate(entry.Device, item with { Lines = null }, (_, before) => before.Entry!.Version < entry.Version ? item with { Lines = null } : before);
        if (known.Count > 0) Send(Again);
    }

    /// <summary>Edges of a device whose record was saved.</summary>
    public Task PublishAsync(IssuerEdges edges) => Shard(edges.Issuer).PublishAsync([new(Edges: edges)]);

    private static bool IsNews(ShardItem item) => item.Lines is { Length: > 0 } || item.Change is { Standing: not Standing.Active } || item.Entry is { Standing: not Standing.Active };

    private IShardGrain Shard(DeviceId device) => grains.GetGrain<IShardGrain>(Shards.Of(device));

    private void Send(TimeSpan after)
    {
        if (Interlocked.Exchange(ref sending, 1) == 0) _ = SendAsync(after);
    }

    private async Task SendAsync(TimeSpan after)
    {
        await Task.Delay(after, time);
        Volatile.Write(ref sending, 0);
        var items = new List<ShardItem>();
        foreach (var (device, _) in waiting)
            if (waiting.TryRemove(device, out var item)) items.Add(item);
        try
        {
            await Task.WhenAll(items.GroupBy(item => Shards.Of(item.Entry!.Device)).Select(group => grains.GetGrain<IShardGrain>(group.Key).PublishAsync([.. group])));
        }
        catch (ObjectDisposedException)
        {
            // This silo has left; the next proofs are other silos' matter.
            return;
        }
        catch (Exception failed) when (Trouble.IsPassing(failed))
        {
            // Until then lists and graph show the proof before. One that came meanwhile is newer.
            log.IndexBehind(items.Count, failed.Message);
            foreach (var item in items) waiting.TryAdd(item.Entry!.Device, item);
            Send(Again);
        }
    }
}
