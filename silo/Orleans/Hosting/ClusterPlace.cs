using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using TrustMesh.Contracts;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Grains;
using TrustMesh.Orleans.Storage;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Orleans.Hosting;

/// <summary>A mesh in a cluster of silos, of which this process is one: twins, shards, logs and the authority are wherever Orleans put them.</summary>
public sealed class ClusterPlace : IMeshPlace
{
    /// <summary>Logs of a new mesh: as many writers share the lines of its devices.</summary>
    private const int NewLogs = 4;

    private readonly ClusterParts parts;
    private readonly ClusterSettings settings;
    private readonly IHost host;
    private readonly IGrainFactory grains;
    private readonly ILogger<ClusterPlace> log;
    private readonly AckOutlet acks;
    private readonly MeshLogs logs;
    private readonly ClusterMembers members;
    private readonly string address;
    private MeshFollower? follower;
    private MeshReplica? replica;

    private ClusterPlace(ClusterParts parts, ClusterSettings settings, IHost host)
    {
        (this.parts, this.settings, this.host) = (parts, settings, host);
        grains = host.Services.GetRequiredService<IGrainFactory>();
        log = parts.Loggers.CreateLogger<ClusterPlace>();
        acks = new(grains, log, parts.Time);
        address = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        logs = host.Services.GetRequiredService<MeshLogs>();
        members = new(grains, host.Services.GetRequiredService<IClusterMembershipService>(), log, parts.Time);
        Records = host.Services.GetRequiredService<ClusterRecords>();
        TwinStore = host.Services.GetRequiredService<ClusterTwins>();
    }

    public string Name => settings.Name;

    public IRecordStore Records { get; }

    public FailureRun Storage => host.Services.GetRequiredService<StorageMeter>().Failing;

    public ITwinStore TwinStore { get; }

    internal IGrainFactory Grains => grains;

    internal AuthorityMeter AuthorityMeter => host.Services.GetRequiredService<AuthorityMeter>();

    private MeshFollower Follower => follower ?? throw new InvalidOperationException("The mesh was not started.");

    private IAuthorityGrain Authority => grains.GetGrain<IAuthorityGrain>(0);

    /// <summary>Joins the cluster. Throws <see cref="InvalidDataException"/> with a sentence for the operator if it may not, or cannot.</summary>
    public static async Task<ClusterPlace> OpenAsync(ClusterParts parts, ClusterSettings settings, CancellationToken cancellation)
    {
        var host = ClusterHost.Build(parts, settings);
        try
        {
            parts.Loggers.CreateLogger<ClusterPlace>().Joining(settings.Name, parts.Authority.Mesh, settings.Advertised.ToString());
            await host.StartAsync(cancellation);
            return new(parts, settings, host);
        }
        catch (Exception failed)
        {
            // It is not disposed of: Orleans cannot stop a silo that never ran, and what of it had started then asks for the next membership in circles, on a whole core.
            // A storage that does not answer in time cancels too, by itself: that is for the operator to read.
            if (failed is OperationCanceledException && cancellation.IsCancellationRequested) throw;
            throw new InvalidDataException(JoinFailure.Sentence([.. Causes(failed)]), failed);
        }
    }

    public IMeshLog Log => logs;

    public async Task<int> BeginLogsAsync(CancellationToken cancellation)
    {
        var count = await LogShards.FixAsync(parts.Authority, Records, NewLogs, parts.Time, cancellation);
        logs.Begin(count);
        return count;
    }

    public async Task StartAsync(MeshReplica replica, CancellationToken cancellation)
    {
        this.replica = replica;
        follower = new(grains, replica, Report, parts.PutOut, log, parts.Time);
        await follower.StartAsync(parts.Stopping, cancellation);
    }

    public IDeviceTwin Twin(DeviceId device) => new TwinAddress(device, grains, Follower);

    public async ValueTask<DeviceEntry?> FindAsync(DeviceId device, CancellationToken cancellation)
    {
        try
        {
            if (await grains.GetGrain<IShardGrain>(Shards.Of(device)).FindAsync(device) is not { } entry) return null;
            Follower.Take(entry);
            return entry;
        }
        catch (Exception failed) when (Trouble.IsOfCluster(failed))
        {
            // Unknown is not "not enrolled": whoever asks has to ask again.
            throw Trouble.Told(failed);
        }
    }

    public DeviceId? Proven(ReadOnlyMemory<byte> sessionKey) => Follower.Proven(Thumbprint(sessionKey.Span));

    public Task AnnounceAsync(DeviceEntry entry, IReadOnlyList<string> addresses, CancellationToken cancellation)
        => Follower.AnnounceAsync(entry, addresses);

    public async Task<SignedAssignment?> AssignmentAsync(DeviceId device, CancellationToken cancellation)
    {
        try
        {
            return await Follower.AssignmentAsync(device);
        }
        catch (Exception failed) when (Trouble.IsOfCluster(failed))
        {
            // It keeps the one it has; when the authority answers again, everybody who waits is woken.
            return null;
        }
    }

    public void Acknowledge(DeviceId device, long serial, long enforcedMs, long gaps)
    {
        replica!.Propagation.Acknowledge(device, serial, enforcedMs, gaps);
        acks.Add(new(device, serial, enforcedMs, gaps, settings.Name, parts.Time.GetUtcNow()));
    }

    public void Tell(TwinEvent line) => Forget("an event", Authority.TellAsync(line));

    public async Task<bool> NudgeAsync(DeviceId device, DeviceId peer, CancellationToken cancellation)
    {
        if (replica!.Nudge(device, peer)) return true;
        try
        {
            return await Authority.NudgeAsync(device, peer);
        }
        catch (Exception failed) when (Trouble.IsOfCluster(failed))
        {
            throw Trouble.Told(failed);
        }
    }

    public async Task PublishAsync(IssuerRecord record, long version, CancellationToken cancellation)
    {
        var (changed, removed) = replica!.Edges.Put(record, version);
        replica.Feed.Edges(record.Issuer, changed, removed);
        try
        {
            await host.Services.GetRequiredService<ShardOutlet>().PublishAsync(IssuerEdges.Of(record, version));
        }
        catch (Exception failed) when (Trouble.IsOfCluster(failed))
        {
            // The ledger has it; the others learn it with the device's next upload, or when the shard comes up anew.
            log.Untold("verdicts of a device", failed.Message);
        }
    }

    /// <summary>Assignments move with the list where the list is written.</summary>
    public void Issued(StatusIssue issue) { }

    public void BooksChanged() => Forget("a change of policy or reference values", Authority.BooksChangedAsync());

    public async ValueTask<bool> TryTakeAsync(string purpose, string key, int most, TimeSpan within, CancellationToken cancellation)
    {
        try
        {
            return await grains.GetGrain<IRateGrain>($"{purpose} {key}").TryTakeAsync(most, within);
        }
        catch (Exception failed) when (Trouble.IsOfCluster(failed))
        {
            // This silo's own limit was asked before, and holds.
            return true;
        }
    }

    public async Task<IReadOnlyList<SiloView>> SilosAsync(CancellationToken cancellation)
    {
        try
        {
            var reports = await Authority.ReportsAsync();
            var now = parts.Time.GetUtcNow();
            return SiloRoll.Views(await members.ReadAsync(cancellation), reports.DatedBy(now), now);
        }
        catch (Exception failed) when (Trouble.IsOfCluster(failed))
        {
            throw Trouble.Told(failed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            // Hands over what it holds; without that the others would take it for dead, which comes to the same a few seconds later.
            await host.StopAsync(limit.Token);
        }
        catch (Exception failed) when (failed is OperationCanceledException or OrleansException)
        {
            log.Untold("leaving the cluster", failed.Message);
        }
        host.Dispose();
    }

    /// <summary>Hex; empty for a key that is none, which nobody has.</summary>
    private static string Thumbprint(ReadOnlySpan<byte> spki)
    {
        Span<byte> thumbprint = stackalloc byte[Caps.Hash];
        return KeyThumbprint.TryOfSpki(spki, thumbprint) ? Convert.ToHexStringLower(thumbprint) : "";
    }

    private SiloReport Report()
    {
        var duties = host.Services.GetRequiredService<Duties>();
        var storage = host.Services.GetRequiredService<StorageMeter>().Read();
        var last = storage.LastError.Length == 0 ? null : $"{storage.LastErrorAt:yyyy-MM-dd HH:mm:ss} UTC: {storage.LastError}";
        return new(settings.Name, address, parts.Silo.Id.Text, replica!.Pulse(), duties.Twins, duties.Held, storage.Errors, last, parts.Time.GetUtcNow());
    }

    private void Forget(string what, Task told) => _ = told.ContinueWith(task => log.Untold(what, task.Exception!.GetBaseException().Message), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private static IEnumerable<Exception> Causes(Exception failed)
    {
        for (Exception? at = failed; at is not null; at = at is AggregateException { InnerExceptions: [var first, ..] } ? first : at.InnerException) yield return at;
    }
}
