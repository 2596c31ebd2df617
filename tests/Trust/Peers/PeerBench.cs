using System.Security.Cryptography;
using TrustMesh.Host.Embedded;
using TrustMesh.Tests.Parts;
using TrustMesh.Tests.Trust.Log;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Trust.Peers;

/// <summary>The silo's side of verdicts without a network: real twins, a real database that can fail, a clock.</summary>
public sealed class PeerBench : IAsyncDisposable
{
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-peers-").FullName;
    private readonly SigningKey authorityKey = TwinBench.NewKey(), siloKey = TwinBench.NewKey();
    private readonly ECDsa session = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly SqliteDatabase database;
    private readonly Dictionary<DeviceId, Enrolment> enrolments = [];

    private PeerBench()
    {
        database = new(Path.Combine(folder, "silo.db"), Time);
        Records = new(new SqliteRecordStore(database));
        Twins = new(new InMemoryTwinStore());
        Ledger = new(Records);
        Authority = new(authorityKey, "mesh", Time);
        Policies = new(Authority, Records, new(Records), Time);
        Open();
    }

    public HeardLog Log { get; } = new();

    public ManualTime Time { get; } = new();

    public FaultyRecordStore Records { get; }

    public FaultyTwinStore Twins { get; }

    public MeshAuthority Authority { get; }

    public PolicyBook Policies { get; }

    public PeerLedger Ledger { get; }

    public DeviceDirectory Devices { get; private set; } = null!;

    public PeerEdges Edges { get; private set; } = null!;

    public TrustFeed Feed { get; private set; } = null!;

    public PeerDesk Desk { get; private set; } = null!;

    public EmbeddedDirectory Mailboxes { get; private set; } = null!;

    public static async Task<PeerBench> OpenAsync(int quorum = 3)
    {
        var bench = new PeerBench();
        await bench.Policies.LoadAsync(new("", "", 0, 0x000b, [13], 13, 600, 20, [AssuranceTier.Software], true, [], [], TrustTier.Contraindicated, 0, 0, new(86_400, quorum, 4)), default);
        return bench;
    }

    /// <summary>An active device of that name.</summary>
    public async Task<DeviceId> JoinAsync(string name)
    {
        var device = DeviceId.FromRootKey(System.Text.Encoding.UTF8.GetBytes(name));
        var enrolment = new Enrolment(RandomNumberGenerator.GetBytes(16), device, RootKind.Software, AssuranceTier.Software, new byte[32], authorityKey.Spki, "none", name, "lab", "sensor", 1, "join token abc", Time.GetUtcNow());
        enrolments[device] = enrolment;
        await Mailboxes.For(device).EnrolAsync(new(enrolment, true), default);
        return device;
    }

    /// <summary>A verdict made now, as the verifier would hand it on.</summary>
    public VerifiedPeerVerdict Word(DeviceId issuer, DeviceId subject, long sequence, TrustTier status = TrustTier.Affirming, DateTimeOffset? at = null)
    {
        var verdict = PeerVerdictCase.Good(issuer, subject, sequence, status, at ?? Time.GetUtcNow());
        return new(verdict, CoseSigner.Sign(session, verdict.EncodePayload(), PeerVerdict.Typ));
    }

    public Task<long> TakeAsync(DeviceId issuer, params IReadOnlyList<VerifiedPeerVerdict> verdicts) => Desk.TakeAsync(enrolments[issuer], 0, verdicts, default);

    public Task<long> TakeAsync(DeviceId issuer, long dropped, params IReadOnlyList<VerifiedPeerVerdict> verdicts) => Desk.TakeAsync(enrolments[issuer], dropped, verdicts, default);

    /// <summary>The device has enrolled with another key.</summary>
    public void Renew(DeviceId device) => enrolments[device] = enrolments[device] with { Id = RandomNumberGenerator.GetBytes(16) };

    public async Task<TwinState> StateAsync(DeviceId device) => (await Mailboxes.For(device).ReadAsync(default))!;

    public Task<TwinAnswer?> DecideAsync(DeviceId device, Standing to, bool resume = false) => Mailboxes.For(device).DecideAsync(new(to, resume, "ann", "test", null), default);

    /// <summary>Everything in memory is gone; what was stored is read again.</summary>
    public async Task RestartAsync(Action<DeviceId, string>? isolated = null)
    {
        Mailboxes.Dispose();
        Open();
        await foreach (var row in Twins.LoadAllAsync(default)) Devices.Put(DeviceEntry.Of(TwinStateCodec.Decode(row.State, row.Version)));
        await Ledger.LoadAsync(Edges, isolated ?? ((_, why) => throw new InvalidOperationException(why)), default);
    }

    public async ValueTask DisposeAsync()
    {
        Mailboxes.Dispose();
        await database.DisposeAsync();
        session.Dispose();
        random.Dispose();
        authorityKey.Dispose();
        siloKey.Dispose();
        Directory.Delete(folder, true);
    }

    private void Open()
    {
        Devices = new(Time);
        Edges = new(Devices);
        Feed = new("mesh", siloKey.Id.Text, Devices, Edges, random, Time);
        Mailboxes = new(device => new(device, Twins, new(Authority), new(siloKey, () => [Authority.Certificate.RawData]), Log, publication => Feed.Publish(DeviceEntry.Of(publication.State), publication.Events), Time), (_, _) => Task.CompletedTask, 1000, Time);
        Desk = new(Ledger, Edges, Devices, Policies, Mailboxes.For, PublishAsync, Time);
    }

    private Task PublishAsync(IssuerRecord record, long version, CancellationToken cancellation)
    {
        var (changed, removed) = Edges.Put(record, version);
        Feed.Edges(record.Issuer, changed, removed);
        return Task.CompletedTask;
    }
}
