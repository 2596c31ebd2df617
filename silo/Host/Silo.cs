using System.Reflection;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Host.Device;
using TrustMesh.Host.Embedded;
using TrustMesh.Host.Keys;
using TrustMesh.Host.Oidc;
using TrustMesh.Host.Settings;
using TrustMesh.Host.Telemetry;
using TrustMesh.Host.Webhooks;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.History;
using TrustMesh.Trust.Joining;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Measured;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Passkeys;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Queries;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Revoking;
using TrustMesh.Trust.Twins;
using TrustMesh.Trust.Webhooks;
using TrustMesh.Wire;

namespace TrustMesh.Host;

/// <summary>
/// All parts of one silo, put together by hand: what depends on what can be read here. What there is once in a mesh lives in its
/// <see cref="IMeshPlace"/>; the rest is this silo's replica of it and what serves its own connections. Listeners are added by <see cref="SiloProcess"/>.
/// </summary>
public sealed partial class Silo : IAsyncDisposable
{
    /// <summary>Devices whose session key is remembered; more than a silo has connections for.</summary>
    private const int ProvenDevices = 200_000;

    private static readonly TimeSpan RenewEvery = TimeSpan.FromHours(1);

    /// <summary>Where other silos sign people in and out too; API tokens everywhere, as nobody waits for them.</summary>
    private static readonly TimeSpan SessionBelieved = TimeSpan.FromSeconds(2);

    /// <summary>How long an act of another silo may stand still before it is finished here.</summary>
    private static readonly TimeSpan ActPatience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stopping;
    private readonly ITimer renewal;
    private readonly ActStore acts;
    private readonly ActSweep sweep;
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly AlertWatch watch;
    private readonly LogWatch logWatch;
    private readonly WebhookSender sender;
    private readonly DateTimeOffset startedAt;

    private Silo(SiloSettings settings, SiloParts parts, SiloKeys keys, IMeshPlace place, CancellationTokenSource stopping)
    {
        (Settings, Keys, Place, this.stopping) = (settings, keys, place, stopping);
        (Log, Time, startedAt) = (parts.Log, parts.Time, parts.Time.GetUtcNow());
        var time = Time;
        acts = new(place.Records, place.Log, place.Tell, settings.IsClustered ? ActPatience : TimeSpan.Zero, time);
        sweep = new(acts, FollowAsync, Log.ActLeft, time, Stopping);
        Authority = parts.Authority;
        Serials = new(Records);
        Policies = new(Authority, Records, Serials, time);
        References = new(Authority, Records, Serials, time);
        Status = new(Authority, Records, Serials, () => Policies.InForce.Policy.PeerRules.GraceSeconds, trouble => Log.StatusListFailed(trouble.Message), time);
        Propagation = new(time);
        People = new(Records, time, Log.PeopleUnreadable, settings.IsClustered ? SessionBelieved : null);
        var looks = new LookLimit(time);
        Operators = new(Records, People, looks, time, settings.IsClustered ? SessionBelieved : null);
        ApiTokens = new(Records, People, looks, Log.ApiTokenTrouble, time, SessionBelieved, Stopping);
        Passkeys = new(Records, People, Operators, new(settings.OperatorOrigins ?? []), settings.Mesh, time);
        var oidc = settings.Oidc;
        Federation = new(Records, People, Operators, new(AuthorityKey.Derive("refresh tokens")), oidc?.Every ?? default, oidc?.Grace ?? default, time);
        Oidc = oidc is null ? null : new(oidc, Federation, Log, time);
        Tokens = new(Records, Authority, time);
        Queries = new(Records, time);
        Pins = new(Records);
        FirstSeen = new(Records, Log.FirstSeenFailed, time);
        Directory = new(time, new(FirstSeen.Note));
        Identities = new(Records, Directory, time);
        Rules = new(Records, time);
        Approvals = new(Rules, Identities);
        Edges = new(Directory);
        Feed = new(settings.Mesh, GraphId, Directory, Edges, random, time);
        Sessions = new(ProvenDevices, time);
        Watchers = new(time);
        Enrolled = new(settings.Limits.ResidentTwins);
        Ledger = new(Records);
        Peers = new(Ledger, Edges, Directory, Policies, place.Twin, place.PublishAsync, time);
        Coverage = new(Directory, Peers, Policies, time);
        SecondPerson = new(Records, time);
        Planner = new(Directory, Peers, new(Records, () => Policies.InForce.Policy.PeerRules.Peers), Policies, SecondPerson, time);
        Revocations = new(Records, SecondPerson, Directory, place.Twin, () => Status.InForce.Serial, time);
        Bundles = new(place.Twin, place.TwinStore, Authority, Policies, References);
        Refusals = new(Log, time);
        Gate = new(Environment.ProcessorCount, settings.Limits.VerificationQueue);
        Meter = new(Directory.CountLooks, () => Gate.Waiting, time);
        AlertRules = new(Records, Log.AlertRowUnreadable, time);
        Silences = new(Records, Log.AlertRowUnreadable, random, time);
        Alerts = new(Records, Log.AlertRowUnreadable, time, UnwrittenAsync);
        Webhooks = new(Records, new(AuthorityKey.Derive("webhook secrets")), settings.Mesh, random, Log.AlertRowUnreadable, time);
        sender = new(settings.WebhookNetworks ?? [], time);
        var troubles = new SiloTroubles(place.SilosAsync, time);
        var post = new WebhookPost(Webhooks, sender.SendAsync, Random.Shared.NextDouble, Log.WebhookInterrupted, time);
        watch = new(
            () => new(Alerts, AlertRules, Silences, Directory, Feed, () => Status.InForce, place.Log, troubles, place.Tell, post, time), settings.IsClustered ? new(Records, Key.Id.Text, time) : null,
            Feed, post, Log.AlertsInterrupted, time);
        logWatch = new(place.Log, place.Tell, Log.LogHeard, time);
        Status.Issued += Spread;
        Policies.Changed += Watchers.WakeAll;
        References.Changed += Watchers.WakeAll;
        renewal = time.CreateTimer(_ => _ = RenewAsync(), null, RenewEvery, RenewEvery);
    }

    public SiloSettings Settings { get; }

    public SiloLog Log { get; }

    public TimeProvider Time { get; }

    /// <summary>The authority's and this silo's own.</summary>
    public SiloKeys Keys { get; }

    public SigningKey AuthorityKey => Keys.Authority;

    /// <summary>Serves TLS to devices and signs results; its UEID is the silo's.</summary>
    public SigningKey Key => Keys.Silo;

    public SiloIdentity Identity => Keys.Identity;

    public MeshAuthority Authority { get; }

    /// <summary>Where the mesh lives.</summary>
    public IMeshPlace Place { get; }

    /// <summary>The mesh's rows; acts on them are in its log.</summary>
    public IRecordStore Records => acts;

    public Serials Serials { get; }

    /// <summary>The mesh's logs as they are stored, by their number; <see cref="LoadAsync"/> fills it.</summary>
    public IReadOnlyList<LogReader> Logs { get; private set; } = [];

    /// <summary>How devices looked at any instant; <see cref="LoadAsync"/> makes it.</summary>
    public LookHistory History { get; private set; } = new([]);

    public PolicyBook Policies { get; }

    public ReferenceBook References { get; }

    /// <summary>Who is revoked or suspended.</summary>
    public StatusBook Status { get; }

    /// <summary>How far status lists have come.</summary>
    public Propagation Propagation { get; }

    /// <summary>Session keys that evidence vouched for.</summary>
    public ProvenSessions Sessions { get; }

    /// <summary>Devices that wait for news.</summary>
    public Watchers Watchers { get; }

    /// <summary>Who may sign in and what each may do; and their sessions.</summary>
    public OperatorBook People { get; }

    public OperatorDesk Operators { get; }

    /// <summary>What machines carry instead of a session.</summary>
    public ApiTokenDesk ApiTokens { get; }

    public PasskeyDesk Passkeys { get; }

    /// <summary>People of an OpenID provider, and this silo as its client; null without one.</summary>
    public FederationDesk Federation { get; }

    public OidcClient? Oidc { get; }

    public JoinTokens Tokens { get; }

    /// <summary>Queries people keep.</summary>
    public SavedQueries Queries { get; }

    /// <summary>Where people put devices in their graphs.</summary>
    public PinBook Pins { get; }

    /// <summary>What fires, what is quiet, and what has fired.</summary>
    public AlertRuleBook AlertRules { get; }

    public SilenceBook Silences { get; }

    public AlertBook Alerts { get; }

    /// <summary>Where alerts are told.</summary>
    public WebhookBook Webhooks { get; }

    public DeviceDirectory Directory { get; }

    /// <summary>When measured values were first seen.</summary>
    public FirstSeen FirstSeen { get; }

    /// <summary>What hardware joined with.</summary>
    public IdentityBook Identities { get; }

    /// <summary>Rules by which devices are let in without a person, and who asks them.</summary>
    public ApprovalRules Rules { get; }

    public ApprovalDesk Approvals { get; }

    public TrustFeed Feed { get; }

    /// <summary>Keys of enrolled devices, ready to verify with.</summary>
    public EnrolledDevices Enrolled { get; }

    /// <summary>Who examined whom, in memory; and where it is kept.</summary>
    public PeerEdges Edges { get; }

    public PeerLedger Ledger { get; }

    /// <summary>Takes what devices say about each other.</summary>
    public PeerDesk Peers { get; }

    /// <summary>Who is vouched for by enough others.</summary>
    public PeerCoverage Coverage { get; }

    /// <summary>What a revocation would do; who may do how much alone; and revoking many as one act.</summary>
    public RevocationPlanner Planner { get; }

    public SecondPersonRule SecondPerson { get; }

    public RevocationDesk Revocations { get; }

    public Bundles Bundles { get; }

    public SiloMeter Meter { get; }

    /// <summary>Where refusals of devices are told.</summary>
    public RefusalLog Refusals { get; }

    /// <summary>What evidence passes before it is verified.</summary>
    public VerificationGate Gate { get; }

    /// <summary>Where devices reach this silo, once it listens; likewise <see cref="OperatorAddress"/>.</summary>
    public string? DeviceAddress { get; set; }

    public string? OperatorAddress { get; set; }

    /// <summary>What the operators' listener presents; null while it speaks plain http on loopback.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? OperatorCertificate { get; internal set; }

    /// <summary>Cancelled when the silo stops: streams end.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>A device the mesh knows, also if it enrolled at another silo a moment ago.</summary>
    public async ValueTask<DeviceEntry?> FindAsync(DeviceId device, CancellationToken cancellation)
        => Directory.TryGet(device, out var entry) ? entry : await Place.FindAsync(device, cancellation);

    public MeshView View()
        => new(
            Settings.Mesh, Convert.ToHexStringLower(AuthorityKey.SpkiHash.Span), AuthorityKey.Kind, GraphId, Version, Policies.InForce.Policy.Serial,
            Directory.CountLooks(), Meter.Accepted, Meter.Refused, startedAt, DeviceAddress, Coverage.Now());

    /// <summary>
    /// Something about the mesh as a whole that changes no row of it: in the log before whoever did it is answered, then in the feed. What changes one is an act
    /// (<see cref="IRecordStore.ActAsync"/>).
    /// </summary>
    public async Task TellAllAsync(IReadOnlyList<TwinEvent> lines)
    {
        await Place.Log.AppendAsync([.. lines.Select(line => LogLines.OfMesh(line))], CancellationToken.None);
        foreach (var line in lines) Place.Tell(line);
    }

    /// <summary>A row of the whole mesh that cannot be read (attack A43); null if there is none.</summary>
    public async Task<UnreadableRecordException?> UnreadableAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var log in Logs) await log.HeadAsync(cancellation);
        }
        catch (UnreadableRecordException unreadable)
        {
            return unreadable;
        }
        return Status.Unreadable;
    }

    /// <summary>A request failed for a storage that does not take what it should: whether the log is concerned is looked at.</summary>
    public void SuspectStorage() => logWatch.Suspect();

    /// <summary>Ends streams; requests in flight are finished by the listeners.</summary>
    public void Stop() => stopping.Cancel();

    /// <summary>The silo in the graph: one for all silos of a mesh, so that every one of them draws the same graph.</summary>
    private string GraphId => Settings.IsClustered ? AuthorityKey.Id.Text : Key.Id.Text;

    private static string Version => typeof(Silo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Where no rows can be written, the alerts of the log and of this silo's storage have none; unless they are switched off.</summary>
    private async Task<IReadOnlyList<UnwrittenAlert>> UnwrittenAsync(CancellationToken cancellation)
    {
        var fires = new List<UnwrittenAlert>();
        if (Place.Log.Trouble?.Now is { } trouble && await AlertRules.FindAsync(AlertRule.LogUnwritable, cancellation) is { Enabled: true } log)
            fires.Add(new(log.Name, log.Severity, AlertCause.Log, trouble.Since));
        if (Place.Storage.Since is { } since && await AlertRules.FindAsync(SiloTroubles.Storage, cancellation) is { Enabled: true } storage)
            fires.Add(new(storage.Name, storage.Severity, new SiloTrouble(SiloTroubles.Storage, Place.Name).Cause, since));
        return fires;
    }

    private SiloPulse Pulse()
    {
        var (rate, p50, p99) = Meter.Recent();
        return new(DeviceAddress, OperatorAddress, Version, startedAt, Meter.Accepted, Meter.Refused, rate, p50, p99, Watchers.Waiting, Environment.WorkingSet);
    }
}
