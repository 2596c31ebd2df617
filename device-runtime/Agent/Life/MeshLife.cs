using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Outbox;
using TrustMesh.Agent.Peers;
using TrustMesh.Agent.Proving;
using TrustMesh.Agent.Silo;
using TrustMesh.Agent.Statements;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Life;

/// <summary>
/// What a device does as a member of its mesh, with or without a silo: keeps what the authority signed, examines peers and is examined, keeps its
/// verdicts for the silo. Begins with the identity, from disk alone, and ends with the process.
/// </summary>
internal sealed class MeshLife : IAsyncDisposable
{
    private static readonly TimeSpan StatusDelay = TimeSpan.FromSeconds(1);

    private readonly AgentConfig config;
    private readonly PeerBook book;
    private readonly ILogger log;
    private readonly SiloWatch watch;
    private readonly PeerNode? node;
    private readonly ITimer statusDue;
    private readonly CancellationTokenSource ending = new();
    private Task all = Task.CompletedTask;

    /// <summary>Takes up what is on disk, and listens for peers. Throws <see cref="Roots.RootException"/>, <see cref="IOException"/>, <see cref="StateException"/>.</summary>
    public MeshLife(AgentConfig config, DeviceIdentity identity, SiloAddresses silos, StateDirectory files, ProofBatch proofs, SessionKeys sessions, PeerBook book, Doorbell bell, TimeProvider time, ILogger log)
    {
        (this.config, this.book, this.log) = (config, book, log);
        var attester = proofs.Attester;
        var (key, self) = (identity.Key(), attester.Root.Device);
        Statements = new(key, self, time, new StatementStore(files, attester.Recall, memory => attester.Remember(memory), key), log);
        Verdict = new(Statements.Verifier, self, time, log);
        Outbox = new(files, (long)config.OutboxMegabytes << 20, proofs.VoucherFor, log);
        node = config.Peer is { } peer ? new(peer, self, Statements, book, proofs, sessions, Outbox.Record, time, log) : null;
        watch = new(silos, identity.Pin()!, Statements, Addresses(), ids => Asked(ids, self, bell), time, log);
        statusDue = time.CreateTimer(_ => bell.Press(Ring.Status), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        book.Changed += OnBook;
        Statements.Changed += () => statusDue.Change(StatusDelay, Timeout.InfiniteTimeSpan);
        Outbox.Turned += () => bell.Press(Ring.Verdicts);
        watch.ProofWanted += () => bell.Press(Ring.ProofWanted);
    }

    public MeshStatements Statements { get; }

    public SiloVerdict Verdict { get; }

    public VerdictOutbox Outbox { get; }

    /// <summary>Null: this device has no peers.</summary>
    public PeerNode? Node => node;

    /// <summary>Ends before <see cref="DisposeAsync"/> only by what no later attempt could heal.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public void Start()
    {
        Task[] parts = node is null ? [Task.Run(() => watch.RunAsync(ending.Token), CancellationToken.None)]
            : [Task.Run(() => node.RunAsync(ending.Token), CancellationToken.None), Task.Run(() => watch.RunAsync(ending.Token), CancellationToken.None)];
        (all, Running) = (Task.WhenAll(parts), Task.WhenAny(parts).Unwrap());
    }

    /// <summary>The silo accepted evidence: what the receipt brings, and from now on it answers this session key.</summary>
    public void Accepted(Receipt receipt, SessionKey session)
    {
        if (receipt.Membership is { } membership) OfferMembership(membership);
        Verdict.Note(receipt.Result);
        watch.Proven(session);
    }

    public void OfferMembership(ReadOnlyMemory<byte> membership)
    {
        foreach (var problem in Statements.OfferMembership(membership)) log.StatementIgnored(problem);
    }

    public MeshStatus Status(string admission)
    {
        var (now, list, peers) = (Statements.Now, Statements.Status?.Value, book.All);
        return new(config.Peer is null ? null : node?.Listening?.ToString() ?? "nowhere", peers.Count(peer => peer.IsAccepted(now)), peers.Count, Statements.Policy?.Policy.Serial ?? 0, list?.Serial ?? 0,
            list is null ? null : DateTimeOffset.FromUnixTimeSeconds(list.IssuedAt), Statements.IsCurrent(now), Outbox.Waiting, Outbox.Dropped, admission);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        // Whoever runs the life has been told how it ended; here it only has to be over.
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        book.Changed -= OnBook;
        node?.Dispose();
        watch.Dispose();
        Statements.Dispose();
        await statusDue.DisposeAsync();
        ending.Dispose();
    }

    /// <summary>Whoever is asked to look at itself is asked for a proof; one of before has no such peer and passes it over.</summary>
    private void Asked(IReadOnlyList<DeviceId> devices, DeviceId self, Doorbell bell)
    {
        if (devices.Contains(self)) bell.Press(Ring.Asked);
        node?.ExamineSoon(devices.Where(device => device != self));
    }

    private void OnBook(KnownPeer peer) => statusDue.Change(StatusDelay, Timeout.InfiniteTimeSpan);

    /// <summary>What peers are told to dial; where the settings leave the port to the system, the one it chose.</summary>
    private IReadOnlyList<string> Addresses()
        => config.Peer is { Listen: { Port: 0 } any, Addresses: [var only] } && only == any.ToString() && node?.Listening is { } chosen ? [chosen.ToString()] : config.Peer?.Addresses ?? [];
}
