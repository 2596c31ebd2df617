using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Orleans.Storage;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Orleans.Grains;

/// <inheritdoc cref="IAuthorityGrain"/>
[GrainType("authority"), Reentrant, KeepAlive]
public sealed class AuthorityGrain : Grain, IAuthorityGrain, IIncomingGrainCallFilter
{
    private const int Depth = 4_096, MostAtOnce = 500;
    private static readonly TimeSpan FollowFor = TimeSpan.FromSeconds(2), NudgeWithin = TimeSpan.FromSeconds(2), LookEvery = TimeSpan.FromSeconds(5), MayComeFor = TimeSpan.FromMinutes(1), GoWithin = TimeSpan.FromSeconds(5);

    private readonly MeshAuthority authority;
    private readonly Duties duties;
    private readonly AuthorityMeter meter;
    private readonly ILogger<AuthorityGrain> log;
    private readonly TimeProvider time;
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly Serials serials;
    private readonly PolicyBook policies;
    private readonly StatusBook status;
    private readonly PeerAssignments assignments;
    private readonly FeedRing<MeshItem> ring = new(Depth, Numbers.Start());
    private readonly Roll roll;
    private readonly StatusLines lists;
    private readonly CancellationTokenSource leaving = new();
    private readonly Lock gate = new();

    /// <summary>The thread that puts a list in force, 0 if none does; what it moves goes with the list.</summary>
    private volatile int spreading;
    private List<DeviceId> together = [];
    private readonly Dictionary<DeviceId, DeviceEntry> moving = [];
    private readonly Dictionary<long, TaskCompletionSource> wishes = [];
    private long lastWish;
    private (long Taken, long Since) looked;

    /// <summary>The status list or another row of the whole mesh that could not be read when it came up.</summary>
    private UnreadableRecordException? unreadable;

    public AuthorityGrain(MeshAuthority authority, ClusterRecords records, Duties duties, AuthorityMeter meter, IMeshLog meshLog, ILogger<AuthorityGrain> log, TimeProvider time)
    {
        (this.authority, this.duties, this.meter, this.log, this.time) = (authority, duties, meter, log, time);
        serials = new(records);
        policies = new(authority, records, serials, time);
        status = new(authority, records, serials, () => policies.InForce.Policy.PeerRules.GraceSeconds, trouble => log.StatusListFailed(trouble.Message), time);
        assignments = new(authority, records, serials, () => policies.InForce.Policy.PeerRules.Peers, random, time);
        roll = new(time);
        lists = new(meshLog, records, log.LogFailed, time, leaving.Token);
        status.Issued += Spread;
        status.Overtaken += devices => _ = AskAgainAsync(devices);
        assignments.Changed += Assign;
    }

    /// <summary>
    /// Without the list that is stored nobody is answered, and no other list is written in its place (attack A43). Whoever asks is told which row it is, and whoever
    /// asks then finds out whether it was restored.
    /// </summary>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        meter.Asked(context.MethodName);
        if (unreadable is null) return context.Invoke();
        DeactivateOnIdle();
        throw unreadable;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ComeUpAsync(cancellationToken);
        }
        catch (UnreadableRecordException row)
        {
            log.StatusListFailed(row.Message);
            unreadable = row;
        }
    }

    private async Task ComeUpAsync(CancellationToken cancellationToken)
    {
        await policies.FollowAsync(cancellationToken);
        await status.LoadAsync(cancellationToken);
        // What a crash kept from the list is on it before anybody is answered: every shard says what its twins say.
        var listed = status.Everyone.ToLookup(Shards.Of);
        var active = new List<DeviceEntry>();
        await Task.WhenAll(Enumerable.Range(0, Shards.Count).Select(async shard =>
        {
            string? last = null;
            do
            {
                (var some, var changes, last) = await GrainFactory.GetGrain<IShardGrain>(shard).RosterAsync([.. listed[shard]], last);
                active.AddRange(some);
                foreach (var change in changes) status.Note(change);
            }
            while (last is not null);
        }));
        await assignments.LoadAsync(active, cancellationToken);
        await status.StartAsync(cancellationToken);
        await lists.ResumeAsync(status, cancellationToken);
        this.RegisterGrainTimer(LookAsync, new() { DueTime = LookEvery, Period = LookEvery, Interleave = true, KeepAlive = true });
        duties.Took("authority");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (unreadable is null) duties.Gave("authority");
        leaving.Cancel();
        assignments.Dispose();
        random.Dispose();
        try
        {
            // The next one reads what is in force when it comes up: a list that is being written has to be in it.
            await status.CloseAsync().WaitAsync(GoWithin, time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // A storage that stands still: the next one looks for what is written after it had read.
            log.StatusListFailed("It was still being written when its writer had to go.");
        }
    }

    public Task NoteAsync(DeviceEntry[] entries, StatusChange[] changes)
    {
        foreach (var change in changes) status.Note(change);
        foreach (var entry in entries)
        {
            // A decision moves others' assignments together with the list that tells of it: one answer for each device, not two.
            if (entry.Standing == Standing.Active && !status.IsWaiting(entry.Device)) assignments.Note(entry);
            else lock (gate) moving[entry.Device] = entry;
        }
        return Task.CompletedTask;
    }

    public Task SettledAsync(DeviceId device) => status.SettledAsync(device, CancellationToken.None);

    public Task AnnounceAsync(DeviceEntry entry, string[] addresses) => assignments.AnnounceAsync(entry, addresses, CancellationToken.None);

    public Task<SignedAssignment?> AssignmentAsync(DeviceId device) => assignments.ForAsync(device, CancellationToken.None);

    public async Task BooksChangedAsync()
    {
        await policies.FollowAsync(CancellationToken.None);
        status.Reconsider();
        assignments.Reconsider();
        ring.Append(_ => new(Books: true));
    }

    public Task TellAsync(TwinEvent line)
    {
        ring.Append(_ => new(Told: line));
        return Task.CompletedTask;
    }

    public Task AcknowledgeAsync(Acknowledgement[] acknowledged)
    {
        ring.Append(_ => new(Acknowledged: acknowledged));
        return Task.CompletedTask;
    }

    public async Task<bool> NudgeAsync(DeviceId device, DeviceId peer)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var wish = ++lastWish;
        wishes[wish] = done;
        ring.Append(_ => new(Nudge: new(wish, device, peer)));
        try
        {
            await done.Task.WaitAsync(NudgeWithin, time);
            return true;
        }
        catch (TimeoutException)
        {
            // No silo has it.
            return false;
        }
        finally
        {
            wishes.Remove(wish);
        }
    }

    public Task NudgedAsync(long wish)
    {
        wishes.GetValueOrDefault(wish)?.TrySetResult();
        return Task.CompletedTask;
    }

    public async Task<MeshNews> FollowAsync(SiloReport report, long after)
    {
        if (roll.Enter(report) is { } refused) return new(0, true, [], refused);
        if (ring.After(after) is not { } news) return new(ring.Last, true, []);
        if (news.Count == 0)
        {
            try
            {
                await ring.WaitAsync(after, CancellationToken.None).WaitAsync(FollowFor, time);
            }
            catch (TimeoutException)
            {
                // Nothing happened: whoever follows asks again, and reports again.
                return new(after, false, []);
            }
            if (ring.After(after) is not { } fresh) return new(ring.Last, true, []);
            news = fresh;
        }
        MeshItem[] some = [.. news.Take(MostAtOnce)];
        return new(after + some.Length, false, some);
    }

    public Task<SiloReports> ReportsAsync() => Task.FromResult(roll.Reports);

    /// <summary>
    /// Whether another writer took a number: one that stood still or had to go, and writes after this one had read. It may write for a while after that; what was
    /// a number for nothing is looked at for as long.
    /// </summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            var taken = await serials.LastAsync(StatusBook.Counter, cancellation);
            if (taken <= status.InForce.Serial) return;
            if (taken != looked.Taken) looked = (taken, time.GetTimestamp());
            if (time.GetElapsedTime(looked.Since) < MayComeFor) status.Look();
        }
        catch (Exception failed) when (Trouble.IsPassing(failed))
        {
            log.StatusListFailed(failed.Message);
        }
    }

    /// <summary>What another writer's list says of these may be older than what their twins say: their shards say it once more.</summary>
    private async Task AskAgainAsync(IReadOnlyCollection<DeviceId> devices)
    {
        try
        {
            await Task.WhenAll(devices.Select(device => GrainFactory.GetGrain<IShardGrain>(Shards.Of(device)).SettledAsync(device)));
        }
        catch (Exception failed) when (Trouble.IsPassing(failed))
        {
            // A shard that is not there comes up, and tells of everybody who is not active; the authority asks it when it comes up itself.
            log.StatusListFailed(failed.Message);
        }
    }

    private void Assign(DeviceId device)
    {
        if (spreading == Environment.CurrentManagedThreadId) together.Add(device);
        else ring.Append(_ => new(Assigned: [device]));
    }

    /// <summary>On the writer's thread, in order: assignments move with the list, and whoever follows hears of it.</summary>
    private void Spread(StatusIssue issue)
    {
        spreading = Environment.CurrentManagedThreadId;
        foreach (var change in issue.Changes)
        {
            DeviceEntry? entry;
            lock (gate) moving.Remove(change.Device, out entry);
            if (entry is not null) assignments.Note(entry);
        }
        // Together: a device that is woken by its new peers gets the list that moved them with the same answer.
        DeviceId[]? assigned = together.Count == 0 ? null : [.. together];
        (spreading, together) = (0, []);
        ring.Append(_ => new(Listed: true, Assigned: assigned));
        lists.Tell(issue);
    }
}
