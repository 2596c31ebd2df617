using System.Reflection;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Host.Device;
using TrustMesh.Host.Embedded;
using TrustMesh.Host.Keys;
using TrustMesh.Host.Settings;
using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Joining;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host;

/// <summary>
/// All parts of one silo, put together by hand: what depends on what can be read here. Listeners are added by <see cref="SiloProcess"/>.
/// </summary>
public sealed class Silo : IAsyncDisposable
{
    /// <summary>Devices whose session key is remembered; more than a silo has connections for.</summary>
    private const int ProvenDevices = 200_000;

    private static readonly TimeSpan RenewEvery = TimeSpan.FromHours(1), LogRetry = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly SqliteDatabase database;
    private readonly ExpiryQueue expiries;
    private readonly SemaphoreSlim expiring = new(256);
    private readonly ITimer renewal;

    /// <summary>Lines of status lists on their way into the log; lists are issued one at a time.</summary>
    private Task telling = Task.CompletedTask;
    private readonly DateTimeOffset startedAt;

    private Silo(SiloSettings settings, SiloLog log, TimeProvider time)
    {
        (Settings, Log, Time, startedAt) = (settings, log, time, time.GetUtcNow());
        CreatePrivately(settings.State);
        AuthorityKey = KeyFile.OpenOrCreate(Path.Combine(settings.State, "authority.key"));
        Key = KeyFile.OpenOrCreate(Path.Combine(settings.State, "silo.key"));
        database = new(Path.Combine(settings.State, "silo.db"), time);
        Records = new SqliteRecordStore(database);
        TwinStore = new SqliteTwinStore(database);
        Serials = new(Records);
        Authority = new(AuthorityKey, settings.Mesh, time);
        Identity = new(Authority, Key, settings.DeviceNames, time);
        Policies = new(Authority, Records, Serials, time);
        References = new(Authority, Records, Serials, time);
        Status = new(Authority, Records, Serials, () => Policies.InForce.Policy.PeerRules.GraceSeconds, trouble => log.StatusListFailed(trouble.Message), time);
        Assignments = new(Authority, Records, Serials, () => Policies.InForce.Policy.PeerRules.Peers, random, time);
        Propagation = new(time);
        Operators = new(Records, time);
        Tokens = new(Records, Authority, time);
        Directory = new(time);
        Edges = new(Directory);
        Feed = new(settings.Mesh, Key.Id.Text, Directory, Edges, time);
        expiries = new(Expire, time);
        MeshLog = new ShardedLog([new LogWriter(Authority, 0, Records, time)]);
        Logs = [new(0, Records)];
        var (memberships, results) = (new Memberships(Authority), new ResultIssuer(Key, () => Identity.Chain));
        Twins = new(device => new(device, TwinStore, memberships, results, MeshLog, Publish, time), Status.SettledAsync, settings.Limits.ResidentTwins, time);
        Sessions = new(ProvenDevices, time);
        Watchers = new(time);
        Enrolled = new(settings.Limits.ResidentTwins);
        Ledger = new(Records);
        Peers = new(Ledger, Edges, Directory, Feed, Policies, Twins.For, time);
        Bundles = new(Twins.For, TwinStore, Authority, Policies, References);
        Refusals = new(log, time);
        Gate = new(Environment.ProcessorCount, settings.Limits.VerificationQueue);
        Meter = new(Directory.CountLooks, () => Gate.Waiting);
        Status.Issued += Spread;
        Policies.Changed += Reconsider;
        References.Changed += Watchers.WakeAll;
        Assignments.Changed += Watchers.Wake;
        renewal = time.CreateTimer(_ => _ = RenewAsync(), null, RenewEvery, RenewEvery);
    }

    public SiloSettings Settings { get; }

    public SiloLog Log { get; }

    public TimeProvider Time { get; }

    public SigningKey AuthorityKey { get; }

    /// <summary>Serves TLS to devices and signs results; its UEID is the silo's.</summary>
    public SigningKey Key { get; }

    public SiloIdentity Identity { get; }

    public MeshAuthority Authority { get; }

    public IRecordStore Records { get; }

    public Serials Serials { get; }

    public ITwinStore TwinStore { get; }

    /// <summary>What cannot be unsaid: every change is in it before it is acknowledged.</summary>
    public IMeshLog MeshLog { get; }

    /// <summary>The mesh's logs as they are stored, by their number.</summary>
    public IReadOnlyList<LogReader> Logs { get; }

    public PolicyBook Policies { get; }

    public ReferenceBook References { get; }

    /// <summary>Who is revoked or suspended.</summary>
    public StatusBook Status { get; }

    /// <summary>How far status lists have come.</summary>
    public Propagation Propagation { get; }

    /// <summary>Who examines whom.</summary>
    public PeerAssignments Assignments { get; }

    /// <summary>Session keys that evidence vouched for.</summary>
    public ProvenSessions Sessions { get; }

    /// <summary>Devices that wait for news.</summary>
    public Watchers Watchers { get; }

    public OperatorDesk Operators { get; }

    public JoinTokens Tokens { get; }

    public DeviceDirectory Directory { get; }

    public TrustFeed Feed { get; }

    public EmbeddedDirectory Twins { get; }

    /// <summary>Keys of enrolled devices, ready to verify with.</summary>
    public EnrolledDevices Enrolled { get; }

    /// <summary>Who examined whom, in memory; and where it is kept.</summary>
    public PeerEdges Edges { get; }

    public PeerLedger Ledger { get; }

    /// <summary>Takes what devices say about each other.</summary>
    public PeerDesk Peers { get; }

    public Bundles Bundles { get; }

    public SiloMeter Meter { get; }

    /// <summary>Where refusals of devices are told.</summary>
    public RefusalLog Refusals { get; }

    /// <summary>What evidence passes before it is verified.</summary>
    public VerificationGate Gate { get; }

    /// <summary>Where devices reach this silo, once it listens.</summary>
    public string? DeviceAddress { get; set; }

    /// <summary>Cancelled when the silo stops: streams end.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Opens keys and database and reads what has to be in memory. Throws <see cref="InvalidDataException"/> with a sentence for the operator.</summary>
    public static async Task<Silo> OpenAsync(SiloSettings settings, SiloLog log, TimeProvider time, CancellationToken cancellation)
    {
        var silo = new Silo(settings, log, time);
        try
        {
            await silo.LoadAsync(cancellation);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public MeshView View()
        => new(
            Settings.Mesh, Convert.ToHexStringLower(AuthorityKey.SpkiHash.Span), AuthorityKey.Kind, Key.Id.Text, Version, Policies.InForce.Policy.Serial,
            Directory.CountLooks(), Meter.Accepted, Meter.Refused, startedAt, DeviceAddress);

    /// <summary>Something about the mesh as a whole: in the log before whoever did it is answered, then in the feed.</summary>
    public async Task TellAsync(TwinEvent line)
    {
        await MeshLog.AppendAsync([LogLines.OfMesh(line)], CancellationToken.None);
        Feed.Tell(line);
    }

    /// <summary>Ends streams; requests in flight are finished by the listeners.</summary>
    public void Stop() => stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await renewal.DisposeAsync();
        Status.Dispose();
        await telling;
        expiries.Dispose();
        Twins.Dispose();
        await database.DisposeAsync();
        Meter.Dispose();
        Gate.Dispose();
        Identity.Dispose();
        Assignments.Dispose();
        random.Dispose();
        AuthorityKey.Dispose();
        Key.Dispose();
        stopping.Dispose();
    }

    private static string Version => typeof(Silo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private async Task LoadAsync(CancellationToken cancellation)
    {
        await MeshName.CheckAsync(Records, Settings.Mesh, cancellation);
        if (await LogShards.FixAsync(Authority, Records, Logs.Count, Time, cancellation) is var logs && logs != Logs.Count)
            throw new InvalidDataException($"The mesh has {logs} logs and this silo would write {Logs.Count}: the state is of a cluster. Start it as one.");
        var owing = new List<DeviceId>();
        await Policies.LoadAsync(DefaultPolicy.For(Settings), cancellation, Settings.LifetimeSeconds, Settings.IntervalSeconds);
        await References.LoadAsync(cancellation);
        await Operators.LoadAsync(cancellation);
        await Status.LoadAsync(cancellation);
        await foreach (var row in TwinStore.LoadAllAsync(cancellation))
        {
            try
            {
                var state = TwinStateCodec.Decode(row.State, row.Version);
                if (!row.Unlogged.IsEmpty) owing.Add(row.Device);
                var entry = DeviceEntry.Of(state);
                Directory.Put(entry);
                Status.Note(state);
                expiries.Set(entry.Device, entry.DueAt);
            }
            catch (WireException unreadable)
            {
                // Attack A43: this row's device is isolated and named, everything else works.
                Directory.Isolate(row.Device, unreadable.Message);
                Log.Unreadable(row.Device, unreadable.Message);
            }
        }
        await Assignments.LoadAsync(Directory.Entries, cancellation);
        // What a crash kept from the list is on it before the first device or operator is answered.
        await Status.StartAsync(cancellation);
        Propagation.Begin(Status.InForce);
        // After the devices: an edge takes the ids of those it lies between from the directory.
        await Ledger.LoadAsync(Edges, Log.UnreadableVerdicts, cancellation);
        // Saved, and a crash came before the log: loading a twin pays.
        foreach (var device in owing) await Twins.For(device).ReadAsync(cancellation);
        Log.Started(Settings.Mesh, Convert.ToHexStringLower(AuthorityKey.SpkiHash.Span), AuthorityKey.Kind, Directory.Count, Policies.InForce.Policy.Serial);
    }

    private void Publish(TwinPublication publication)
    {
        expiries.Set(publication.State.Enrolment.Device, publication.State.DueAt);
        Feed.Publish(publication);
        Status.Note(publication.State);
        var entry = DeviceEntry.Of(publication.State);
        // A decision moves others' assignments together with the list that tells of it: one answer for each device, not two.
        if (entry.Standing == Standing.Active && !Status.IsWaiting(entry.Device)) Assignments.Note(entry);
    }

    /// <summary>A status list is in force: whoever waits gets it, before whoever decided is answered.</summary>
    private void Spread(StatusIssue issue)
    {
        Propagation.Begin(issue);
        foreach (var change in issue.Changes)
            if (Directory.TryGet(change.Device, out var entry)) Assignments.Note(entry);
        Watchers.WakeAll();
        if (issue.Changes.Count == 0) return;
        var text = $"status list {issue.Serial}: {string.Join("; ", issue.Changes.Select(change => change.Words))}";
        telling = TellUntilLoggedAsync(telling, new(issue.IssuedAt, EventKind.Revocation, Grammar.Fit(text), Grammar.Fit(string.Join(", ", issue.Changes.Select(change => change.Actor).Distinct()))));
    }

    /// <summary>
    /// A list is in force whether the log answers or not: nobody waits for this line, and it is tried until it is there, after the one before it. What
    /// was decided is in the twins' own lines, which were waited for.
    /// </summary>
    private async Task TellUntilLoggedAsync(Task before, TwinEvent line)
    {
        Feed.Tell(line);
        await before;
        try
        {
            while (!await TryLogAsync(line)) await Task.Delay(LogRetry, Time, Stopping);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The silo stops. The list's history has what the line would have said.
        }
    }

    private async Task<bool> TryLogAsync(TwinEvent line)
    {
        try
        {
            await MeshLog.AppendAsync([LogLines.OfMesh(line)], CancellationToken.None);
            return true;
        }
        catch (IOException failed)
        {
            Log.LogFailed(failed.Message);
            return false;
        }
    }

    private void Reconsider()
    {
        Status.Reconsider();
        Assignments.Reconsider();
        Watchers.WakeAll();
    }

    private void Expire(DeviceId device) => _ = ExpireAsync(device);

    private async Task ExpireAsync(DeviceId device)
    {
        try
        {
            await expiring.WaitAsync(Stopping);
            try
            {
                await Twins.For(device).ReadAsync(Stopping);
            }
            finally
            {
                expiring.Release();
            }
        }
        catch (Exception failed) when (failed is IOException or StaleTwinException or UnreadableTwinException or Microsoft.Data.Sqlite.SqliteException)
        {
            // The verdict is expired all the same: freshness is computed from the clock. Only the line in the timeline waits for the next try.
            Log.ExpiryFailed(device, failed.Message);
            expiries.Set(device, Time.GetUtcNow() + TimeSpan.FromSeconds(5));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The silo stops; the next start notes what is due.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            await Policies.RenewAsync(Stopping);
            await References.RenewAsync(Stopping);
            Watchers.Sweep();
        }
        catch (Exception failed) when (failed is IOException or StaleRecordException or Microsoft.Data.Sqlite.SqliteException)
        {
            Log.RenewalFailed(failed.Message);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The silo stops.
        }
    }

    private static void CreatePrivately(string directory)
    {
        if (System.IO.Directory.Exists(directory)) return;
        if (OperatingSystem.IsWindows()) System.IO.Directory.CreateDirectory(directory);
        else System.IO.Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
