using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using TrustMesh.Contracts;
using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Embedded;

/// <summary>A whole mesh in this process over one SQLite file: what is published is known at once, and this silo is the only writer of everything.</summary>
public sealed class EmbeddedPlace : IMeshPlace
{
    private readonly SqliteDatabase database;
    private readonly SiloLog log;
    private readonly TimeProvider time;
    private readonly CancellationToken stopping;
    private readonly ExpiryQueue expiries;
    private readonly SemaphoreSlim expiring = new(256);
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly MeshAuthority authority;
    private readonly StatusLines lists;
    private MeshReplica replica = null!;
    private PeerAssignments? assignments;

    public EmbeddedPlace(SiloParts parts, string path, int residentTwins, CancellationToken stopping)
    {
        (authority, log, time, this.stopping) = (parts.Authority, parts.Log, parts.Time, stopping);
        database = new(path, time);
        Records = new SqliteRecordStore(database);
        TwinStore = new SqliteTwinStore(database);
        Log = new ShardedLog([new LogWriter(authority, 0, Records, time)], time);
        lists = new(Log, Records, log.LogFailed, time, stopping);
        expiries = new(Expire, time);
        Twins = new(device => new(device, TwinStore, parts.Memberships, parts.Results, Log, Publish, time), (device, cancellation) => replica.Status.SettledAsync(device, cancellation), residentTwins, time);
    }

    /// <summary>There is one.</summary>
    public string Name => "silo";

    public IRecordStore Records { get; }

    public FailureRun Storage => database.Failing;

    public ITwinStore TwinStore { get; }

    public IMeshLog Log { get; }

    /// <summary>The twins in memory.</summary>
    public EmbeddedDirectory Twins { get; }

    /// <summary>Who examines whom; <see cref="StartAsync"/> comes first.</summary>
    public PeerAssignments Assignments => assignments ?? throw new InvalidOperationException("The mesh was not started.");

    public Task<int> BeginLogsAsync(CancellationToken cancellation) => LogShards.FixAsync(authority, Records, 1, time, cancellation);

    public async Task StartAsync(MeshReplica replica, CancellationToken cancellation)
    {
        this.replica = replica;
        assignments = new(authority, Records, new(Records), () => replica.Policies.InForce.Policy.PeerRules.Peers, random, time);
        assignments.Changed += replica.Wake;
        replica.Policies.Changed += Reconsider;
        await replica.Status.LoadAsync(cancellation);
        var owing = new List<DeviceId>();
        await foreach (var row in TwinStore.LoadAllAsync(cancellation))
        {
            try
            {
                var state = TwinStateCodec.Decode(row.State, row.Version);
                var entry = DeviceEntry.Of(state);
                if (!row.Unlogged.IsEmpty) owing.Add(row.Device);
                replica.Directory.Put(entry);
                replica.Status.Note(state);
                expiries.Set(entry.Device, entry.DueAt);
            }
            catch (WireException unreadable)
            {
                // Attack A43: this row's device is isolated and named, everything else works.
                replica.Directory.Isolate(row.Device, unreadable.Message);
                log.Unreadable(row.Device, unreadable.Message);
            }
        }
        await Assignments.LoadAsync(replica.Directory.Entries, cancellation);
        // What a crash kept from the list is on it before the first device or operator is answered.
        await replica.Status.StartAsync(cancellation);
        await lists.ResumeAsync(replica.Status, cancellation);
        // After the devices: an edge takes the ids of those it lies between from the directory.
        await replica.Ledger.LoadAsync(replica.Edges, log.UnreadableVerdicts, cancellation);
        // Saved, and a crash came before the log: loading a twin pays.
        foreach (var device in owing) await Twins.For(device).ReadAsync(cancellation);
    }

    public IDeviceTwin Twin(DeviceId device) => Twins.For(device);

    /// <summary>The replica is all there is.</summary>
    public ValueTask<DeviceEntry?> FindAsync(DeviceId device, CancellationToken cancellation) => new(default(DeviceEntry));

    public DeviceId? Proven(ReadOnlyMemory<byte> sessionKey) => null;

    public Task AnnounceAsync(DeviceEntry entry, IReadOnlyList<string> addresses, CancellationToken cancellation) => Assignments.AnnounceAsync(entry, addresses, cancellation);

    public Task<SignedAssignment?> AssignmentAsync(DeviceId device, CancellationToken cancellation) => Assignments.ForAsync(device, cancellation);

    public void Acknowledge(DeviceId device, long serial, long enforcedMs, long gaps) => replica.Propagation.Acknowledge(device, serial, enforcedMs, gaps);

    public void Tell(TwinEvent line) => replica.Feed.Tell(line);

    public Task<bool> NudgeAsync(DeviceId device, DeviceId peer, CancellationToken cancellation) => Task.FromResult(replica.Nudge(device, peer));

    public Task PublishAsync(IssuerRecord record, long version, CancellationToken cancellation)
    {
        var (changed, removed) = replica.Edges.Put(record, version);
        replica.Feed.Edges(record.Issuer, changed, removed);
        return Task.CompletedTask;
    }

    public void Issued(StatusIssue issue)
    {
        lists.Tell(issue);
        foreach (var change in issue.Changes)
            if (replica.Directory.TryGet(change.Device, out var entry)) assignments?.Note(entry);
    }

    public void BooksChanged() { }

    /// <summary>The silo's own limits are those of the whole mesh.</summary>
    public ValueTask<bool> TryTakeAsync(string purpose, string key, int most, TimeSpan within, CancellationToken cancellation) => new(true);

    public Task<IReadOnlyList<SiloView>> SilosAsync(CancellationToken cancellation)
    {
        var pulse = replica.Pulse();
        return Task.FromResult<IReadOnlyList<SiloView>>([new(
            Name, "active", null, pulse.Device, pulse.Operator, pulse.Version, pulse.StartedAt, time.GetUtcNow(), Twins.Resident, 1, ["everything"], pulse.CallsPerSecond, pulse.P50Ms, pulse.P99Ms,
            pulse.Accepted, pulse.Refused, pulse.Waiting, pulse.MemoryBytes, database.Failures, database.LastFailure)]);
    }

    public async ValueTask DisposeAsync()
    {
        replica?.Status.Dispose();
        await lists.Telling;
        expiries.Dispose();
        Twins.Dispose();
        await database.DisposeAsync();
        assignments?.Dispose();
        random.Dispose();
    }

    private void Publish(TwinPublication publication)
    {
        var entry = DeviceEntry.Of(publication.State);
        expiries.Set(entry.Device, entry.DueAt);
        replica.Feed.Publish(entry, publication.Events);
        replica.Status.Note(publication.State);
        // A decision moves others' assignments together with the list that tells of it: one answer for each device, not two.
        if (entry.Standing == Standing.Active && !replica.Status.IsWaiting(entry.Device)) Assignments.Note(entry);
    }

    private void Reconsider()
    {
        replica.Status.Reconsider();
        Assignments.Reconsider();
        replica.WakeAll();
    }

    private void Expire(DeviceId device) => _ = ExpireAsync(device);

    private async Task ExpireAsync(DeviceId device)
    {
        try
        {
            await expiring.WaitAsync(stopping);
            try
            {
                await Twins.For(device).ReadAsync(stopping);
            }
            finally
            {
                expiring.Release();
            }
        }
        catch (Exception failed) when (failed is IOException or StaleTwinException or UnreadableTwinException or SqliteException)
        {
            // The verdict is expired all the same: freshness is computed from the clock. Only the line in the timeline waits for the next try.
            log.ExpiryFailed(device, failed.Message);
            expiries.Set(device, time.GetUtcNow() + TimeSpan.FromSeconds(5));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The silo stops; the next start notes what is due.
        }
    }
}
