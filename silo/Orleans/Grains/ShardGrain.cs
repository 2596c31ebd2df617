using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Orleans.Storage;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Orleans.Grains;

/// <inheritdoc cref="IShardGrain"/>
[GrainType("shard"), Reentrant, HomePlacement, KeepAlive]
public sealed class ShardGrain : Grain, IShardGrain
{
    private const int Depth = 16_384, MostAtOnce = 2_000, RosterPage = 10_000;
    private static readonly TimeSpan FollowFor = TimeSpan.FromSeconds(10), Coalesce = TimeSpan.FromMilliseconds(30), LookEvery = TimeSpan.FromSeconds(2), ExpectedWithin = TimeSpan.FromSeconds(10);

    private readonly int shard;
    private readonly ClusterTwins twins;
    private readonly ClusterRecords records;
    private readonly Duties duties;
    private readonly Homes homes;
    private readonly TimeProvider time;
    private readonly ILogger<ShardGrain> log;
    private readonly ShardOutlet outlet;
    private readonly SortedDictionary<string, Known> devices = new(StringComparer.Ordinal);
    private readonly Dictionary<DeviceId, IssuerEdges> edges = [];
    private readonly Dictionary<DeviceId, DateTimeOffset> expected = [];
    private readonly HashSet<DeviceId> owed = [];
    private readonly CancellationTokenSource leaving;
    private readonly ShardClock clock;
    private readonly FeedRing<ShardItem> ring;

    public ShardGrain(ClusterTwins twins, ClusterRecords records, Duties duties, Homes homes, TimeProvider time, ILogger<ShardGrain> log, IGrainFactory grains, ShardOutlet outlet, ClusterParts parts)
    {
        (this.twins, this.records, this.duties, this.homes, this.time, this.log, this.outlet) = (twins, records, duties, homes, time, log, outlet);
        // Whoever waits here would hold up a silo that stops for as long as nothing happens.
        leaving = CancellationTokenSource.CreateLinkedTokenSource(parts.Stopping);
        shard = (int)this.GetPrimaryKeyLong();
        ring = new(Depth, Numbers.Start());
        clock = new(device => grains.GetGrain<ITwinGrain>(device.Text), state => outlet.Tell([ShardItem.Of(state, [], time.GetUtcNow())]), log, time);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var bucket in Shards.Buckets(shard))
        {
            await foreach (var row in twins.LoadBucketAsync(bucket, cancellationToken)) Load(row);
            await foreach (var row in records.ReadBucketAsync(PeerLedger.Kind, bucket, cancellationToken)) Load(row);
        }
        duties.Took($"shard {shard}");
        this.RegisterGrainTimer(LookAsync, new() { DueTime = LookEvery, Period = LookEvery, Interleave = true, KeepAlive = true });
        // What a crash kept from the list: whoever is not active, and whoever the list thinks is not.
        foreach (var known in devices.Values)
            if (known.Change is { Standing: not Standing.Active }) owed.Add(known.Entry.Device);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        duties.Gave($"shard {shard}");
        clock.Dispose();
        leaving.Dispose();
        // While silos come and go there may be two of a shard for a moment, and what was told to the one that goes the other may not have read.
        outlet.Tell(ring.After(ring.Oldest) ?? []);
        return Task.CompletedTask;
    }

    public async Task PublishAsync(ShardItem[] items)
    {
        var news = false;
        foreach (var item in items)
        {
            if (item.Edges is { } said) Take(said);
            if (item.Entry is { } entry) news |= Take(item, entry);
        }
        if (news || owed.Count > 0 && items.Any(item => item.Entry is { } entry && owed.Contains(entry.Device))) await PayAsync();
    }

    public Task ExpectAsync(DeviceId device)
    {
        expected[device] = time.GetUtcNow() + ExpectedWithin;
        return Task.CompletedTask;
    }

    public async Task<ShardItem?> SettledAsync(DeviceId device)
    {
        if (devices.GetValueOrDefault(device.Text) is not { IsReadable: true } known) return null;
        owed.Add(device);
        await PayAsync();
        await GrainFactory.GetGrain<IAuthorityGrain>(0).SettledAsync(device);
        return known.Item;
    }

    public async Task<DeviceEntry?> FindAsync(DeviceId device)
    {
        if (!devices.TryGetValue(device.Text, out var known)) return null;
        if (known.IsReadable) return known.Entry;
        try
        {
            // Restored from a backup, perhaps: the twin tells the index what it reads.
            return await GrainFactory.GetGrain<ITwinGrain>(device.Text).ReadAsync(CancellationToken.None) is { } state ? DeviceEntry.Of(state) : null;
        }
        catch (UnreadableTwinException)
        {
            // It is as it was.
            return null;
        }
    }

    public async Task<ShardNews> FollowAsync(long after)
    {
        if (ring.After(after) is not { } news) return new(ring.Last, true, []);
        if (news.Count == 0)
        {
            try
            {
                await ring.WaitAsync(after, leaving.Token).WaitAsync(FollowFor, time);
            }
            catch (Exception quiet) when (quiet is TimeoutException or OperationCanceledException)
            {
                // Nothing happened: whoever follows asks again.
                return new(after, false, []);
            }
            // What happens at the same moment goes together.
            await Task.Delay(Coalesce, time);
            news = ring.After(after);
            if (news is null) return new(ring.Last, true, []);
        }
        ShardItem[] some = [.. news.Take(MostAtOnce)];
        return new(after + some.Length, false, some);
    }

    public Task<ShardItem[]> PageAsync(string? after, int most)
    {
        // A page costs a walk to its start; a whole is asked for when a silo comes up, and not otherwise.
        var page = devices.SkipWhile(pair => after is not null && string.CompareOrdinal(pair.Key, after) <= 0).Take(Math.Clamp(most, 1, MostAtOnce));
        return Task.FromResult<ShardItem[]>([.. page.Select(pair => pair.Value.Item with { Lines = null, Edges = edges.GetValueOrDefault(pair.Value.Item.Entry?.Device ?? pair.Value.Item.Unreadable!.Value) })]);
    }

    public Task<(DeviceEntry[] Active, StatusChange[] Changes, string? Last)> RosterAsync(DeviceId[] listed, string? after)
    {
        var asked = listed.ToHashSet();
        var page = devices.SkipWhile(pair => after is not null && string.CompareOrdinal(pair.Key, after) <= 0).Take(RosterPage).ToList();
        var entries = page.Select(pair => pair.Value).Where(known => known.IsReadable).ToList();
        return Task.FromResult<(DeviceEntry[], StatusChange[], string?)>((
            [.. entries.Where(known => known.Entry.Standing == Standing.Active).Select(known => known.Entry.Brief())],
            [.. entries.Where(known => known.Change is { } change && (change.Standing != Standing.Active || asked.Contains(known.Entry.Device))).Select(known => known.Change!)],
            page.Count == RosterPage ? page[^1].Key : null));
    }

    private void Load(StoredTwin row)
    {
        try
        {
            var item = ShardItem.Of(TwinStateCodec.Decode(row.State, row.Version), [], time.GetUtcNow());
            devices[row.Device.Text] = new(item);
            clock.Set(row.Device, item.Entry!.DueAt);
            // Lines its log may not have: the twin pays what it owes as soon as it is looked at.
            if (!row.Unlogged.IsEmpty) expected[row.Device] = time.GetUtcNow();
        }
        catch (WireException unreadable)
        {
            // Attack A43: this row's device is isolated and named, everything else works.
            devices[row.Device.Text] = new(new(Unreadable: row.Device, Why: unreadable.Message));
            log.Unreadable(row.Device, unreadable.Message);
        }
    }

    private void Load(Trust.Records.Record row)
    {
        try
        {
            var record = PeerLedger.Read(row);
            edges[record.Issuer] = IssuerEdges.Of(record, row.Version);
        }
        catch (WireException unreadable)
        {
            log.UnreadableVerdicts(row.Id, unreadable.Message);
            if (DeviceId.TryParse(row.Id, out var issuer)) edges[issuer] = new(issuer, row.Version, false, [], unreadable.Message);
        }
    }

    private void Take(IssuerEdges said)
    {
        if (edges.TryGetValue(said.Issuer, out var before) && before.Version > said.Version) return;
        edges[said.Issuer] = said;
        ring.Append(_ => new(Edges: said));
    }

    /// <summary>True if others than those who follow have to hear of it.</summary>
    private bool Take(ShardItem item, DeviceEntry entry)
    {
        expected.Remove(entry.Device);
        var known = devices.GetValueOrDefault(entry.Device.Text);
        if (known is { IsReadable: true } && known.Entry.Version >= entry.Version) return false;
        devices[entry.Device.Text] = new(item with { Lines = null });
        clock.Set(entry.Device, entry.DueAt);
        ring.Append(_ => item);
        if (known is { IsReadable: true } && known.Change?.Standing == item.Change?.Standing && known.Entry.Standing == entry.Standing && known.Entry.Name == entry.Name && known.Entry.Site == entry.Site && known.Entry.Model == entry.Model) return false;
        owed.Add(entry.Device);
        return true;
    }

    /// <summary>Tells the writer of lists and assignments what it has not heard; what fails is owed on.</summary>
    private async Task PayAsync()
    {
        DeviceId[] telling = [.. owed];
        var known = telling.Select(device => devices.GetValueOrDefault(device.Text)).OfType<Known>().Where(one => one.IsReadable).ToList();
        await GrainFactory.GetGrain<IAuthorityGrain>(0).NoteAsync([.. known.Select(one => one.Entry.Brief())], [.. known.Select(one => one.Change).OfType<StatusChange>()]);
        foreach (var one in known)
            // Unless it changed again meanwhile.
            if (ReferenceEquals(devices.GetValueOrDefault(one.Entry.Device.Text), one)) owed.Remove(one.Entry.Device);
    }

    /// <summary>Looks at decisions nothing came of, and tells what is still owed.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        if (!homes.IsHere(GrainContext.GrainId))
        {
            // Whoever waits for news asks again, and finds it at home; it moves there, because silos remember where it was.
            await leaving.CancelAsync();
            MigrateOnIdle();
            return;
        }
        try
        {
            if (owed.Count > 0) await PayAsync();
            var now = time.GetUtcNow();
            foreach (var (device, until) in expected.ToList())
            {
                if (now < until) continue;
                expected.Remove(device);
                await GrainFactory.GetGrain<ITwinGrain>(device.Text).ReadAsync(cancellation);
            }
        }
        catch (Exception failed) when (Trouble.IsPassing(failed))
        {
            log.ShardBehind(shard, failed.Message);
        }
    }

    /// <param name="Item">Of a device that can be read, or of one that cannot.</param>
    private sealed record Known(ShardItem Item)
    {
        public bool IsReadable => Item.Entry is not null;

        public DeviceEntry Entry => Item.Entry!;

        public StatusChange? Change => Item.Change;
    }
}
