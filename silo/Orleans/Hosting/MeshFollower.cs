using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Grains;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Orleans.Hosting;

/// <summary>
/// Keeps a silo's replica up to date: one question at a time to each shard and to the authority, each answered as soon as there is news. A number
/// that is unknown there, or a shard that came up anew, is a gap: the whole is taken again, page by page. Nothing is pushed, so nothing that was
/// pushed can be lost. Thread-safe.
/// </summary>
internal sealed class MeshFollower(IGrainFactory grains, MeshReplica replica, Func<SiloReport> report, Action<string> refused, ILogger log, TimeProvider time)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), Session = TimeSpan.FromDays(1), HalfALife = TimeSpan.FromDays(15), SayAgain = TimeSpan.FromSeconds(30), RefusedFor = Roll.Silent + TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DeviceId> sessions = new();
    private readonly ConcurrentDictionary<DeviceId, string> sessionOf = new();
    private readonly ConcurrentDictionary<DeviceId, SignedAssignment> assignments = new();
    private readonly ConcurrentDictionary<DeviceId, (string Said, DateTimeOffset At)> announced = new();
    private readonly SemaphoreSlim listing = new(1);
    private long moves;
    private long? refusedSince;

    private IAuthorityGrain Authority => grains.GetGrain<IAuthorityGrain>(0);

    /// <summary>Ends when the replica is whole; goes on until <paramref name="stopping"/>.</summary>
    public async Task StartAsync(CancellationToken stopping, CancellationToken cancellation)
    {
        // The authority first: where it comes up, the first status list is written before anybody reads one.
        var mesh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = RunAsync("the mesh", FollowMeshAsync, mesh, stopping);
        await mesh.Task.WaitAsync(cancellation);
        var shards = Enumerable.Range(0, Shards.Count).Select(shard =>
        {
            var whole = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = RunAsync($"shard {shard}", (after, token) => FollowShardAsync(shard, after, token), whole, stopping);
            return whole.Task;
        });
        await Task.WhenAll(shards).WaitAsync(cancellation);
    }

    /// <summary>The device whose evidence vouched for the session key with that thumbprint (hex), within the day a session key lives.</summary>
    public DeviceId? Proven(string thumbprint)
        => sessions.TryGetValue(thumbprint, out var device) && replica.Directory.TryGet(device, out var entry) && entry.ProvenAt is { } proven && time.GetUtcNow() - proven < Session ? device : null;

    /// <summary>Takes a device as it is known somewhere else already.</summary>
    public void Take(DeviceEntry entry)
    {
        if (!replica.Directory.TryGet(entry.Device, out var known) || known.Version < entry.Version || replica.Directory.Unreadable.ContainsKey(entry.Device)) replica.Feed.Publish(entry, []);
    }

    /// <summary>The assignment, from memory where nothing changed since it was asked for.</summary>
    public async Task<SignedAssignment?> AssignmentAsync(DeviceId device)
    {
        if (assignments.TryGetValue(device, out var known) && known.ExpiresAt - time.GetUtcNow() > HalfALife) return known;
        var before = Volatile.Read(ref moves);
        var assignment = await Authority.AssignmentAsync(device);
        // News that came meanwhile may be about this one: then it is not kept.
        if (assignment is not null && before == Volatile.Read(ref moves)) assignments[device] = assignment;
        return assignment;
    }

    /// <summary>Tells the authority where a device listens, unless it was told so from here already.</summary>
    public async Task AnnounceAsync(DeviceEntry entry, IReadOnlyList<string> addresses)
    {
        var said = $"{entry.Name} {entry.Site} {entry.Model} {entry.Standing} {string.Join(' ', addresses)}";
        if (announced.TryGetValue(entry.Device, out var before) && before.Said == said && time.GetUtcNow() - before.At < SayAgain) return;
        try
        {
            await Authority.AnnounceAsync(entry.Brief(), [.. addresses]);
            announced[entry.Device] = (said, time.GetUtcNow());
        }
        catch (Exception failed) when (Trouble.IsPassing(failed))
        {
            // With its next question the device says it again.
            log.Untold($"where {entry.Device} listens", failed.Message);
        }
    }

    /// <summary>What the list this silo has says of the device.</summary>
    public Standing Listed(DeviceId device) => replica.Status.Says(device);

    /// <summary>Takes over a status list another silo wrote.</summary>
    public async Task FollowListAsync(CancellationToken cancellation)
    {
        await listing.WaitAsync(cancellation);
        try
        {
            await replica.Status.FollowAsync(cancellation);
        }
        finally
        {
            listing.Release();
        }
    }

    private async Task RunAsync(string what, Func<long, CancellationToken, Task<long>> follow, TaskCompletionSource whole, CancellationToken stopping)
    {
        var (after, failing) = (0L, false);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                after = await follow(after, stopping);
                if (failing) log.FollowingAgain(what);
                failing = false;
                whole.TrySetResult();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                // Whatever it was, this silo goes on answering from what it knows, and asks again.
                if (!failing) log.FollowingFailed(what, failed.Message);
                failing = true;
                if (failed is InvalidDataException or UnreadableRecordException) whole.TrySetException(failed);
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }
    }

    private async Task<long> FollowShardAsync(int shard, long after, CancellationToken stopping)
    {
        var grain = grains.GetGrain<IShardGrain>(shard);
        var news = await grain.FollowAsync(after);
        if (!news.Gap)
        {
            foreach (var item in news.Items) await TakeAsync(item, stopping);
            return news.To;
        }
        string? last = null;
        while (await grain.PageAsync(last, PageSize) is { Length: > 0 } page)
        {
            foreach (var item in page) await TakeAsync(item, stopping);
            last = (page[^1].Entry?.Device ?? page[^1].Unreadable)!.Value.Text;
            stopping.ThrowIfCancellationRequested();
        }
        return news.To;
    }

    private async Task TakeAsync(ShardItem item, CancellationToken stopping)
    {
        if (item.Entry is { } entry)
        {
            var standing = replica.Directory.TryGet(entry.Device, out var before) ? before.Standing : (Standing?)null;
            if (before is null || before.Version < entry.Version || item.Lines is { Length: > 0 } || replica.Directory.Unreadable.ContainsKey(entry.Device)) replica.Feed.Publish(entry, item.Lines ?? []);
            if (item.Session is { } session) Remember(entry.Device, session);
            // What it may have depends on its standing.
            if (standing != entry.Standing) replica.Wake(entry.Device);
        }
        if (item.Unreadable is { } unreadable) replica.Directory.Isolate(unreadable, item.Why ?? "");
        if (item.Edges is not { } said) return;
        if (said.Unreadable is { } why)
        {
            replica.Edges.Isolate(said.Issuer, why);
            return;
        }
        var (changed, removed) = replica.Edges.Put(said.Issuer, said.Version, said.Doubted, said.Edges);
        replica.Feed.Edges(said.Issuer, changed, removed);
        // Two bad words may have come by way of two silos; here they are together.
        foreach (var edge in said.Edges)
            if (edge.Status == TrustTier.Contraindicated && changed.Contains(edge.Subject)) await replica.Accuse(edge.Subject, stopping);
    }

    private void Remember(DeviceId device, string session)
    {
        if (sessionOf.TryGetValue(device, out var old))
        {
            if (old == session) return;
            sessions.TryRemove(new(old, device));
        }
        (sessionOf[device], sessions[session]) = (session, device);
    }

    private async Task<long> FollowMeshAsync(long after, CancellationToken stopping)
    {
        var news = await Authority.FollowAsync(report(), after);
        if (news.Refused is { } why)
        {
            // This very silo, started anew, is taken for its former self until that has been silent for a while.
            refusedSince ??= time.GetTimestamp();
            if (time.GetElapsedTime(refusedSince.Value) < RefusedFor) throw new IOException(why);
            refused(why);
            throw new InvalidDataException(why);
        }
        refusedSince = null;
        if (news.Gap)
        {
            await FollowBooksAsync(stopping);
            await FollowListAsync(stopping);
            Interlocked.Increment(ref moves);
            assignments.Clear();
            replica.WakeAll();
            return news.To;
        }
        foreach (var item in news.Items) await TakeAsync(item, stopping);
        return news.To;
    }

    private async Task TakeAsync(MeshItem item, CancellationToken stopping)
    {
        if (item.Told is { } line) replica.Feed.Tell(line);
        if (item.Books) await FollowBooksAsync(stopping);
        // What is remembered of assignments goes first: whoever is woken, by the list or by name, asks anew.
        if (item.Assigned is not null) Interlocked.Increment(ref moves);
        foreach (var device in item.Assigned ?? []) assignments.TryRemove(device, out _);
        if (item.Listed) await FollowListAsync(stopping);
        foreach (var device in item.Assigned ?? []) replica.Wake(device);
        var here = report().Name;
        foreach (var one in item.Acknowledged ?? [])
            if (one.Silo != here) replica.Propagation.Acknowledge(one.Device, one.Serial, one.EnforcedMs + Math.Max(0, (long)(time.GetUtcNow() - one.At).TotalMilliseconds), one.Gaps);
        if (item.Nudge is { } wish && replica.Nudge(wish.Device, wish.Peer)) await Authority.NudgedAsync(wish.Number);
    }

    private async Task FollowBooksAsync(CancellationToken stopping)
    {
        await replica.Policies.FollowAsync(stopping);
        await replica.References.FollowAsync(stopping);
    }
}
