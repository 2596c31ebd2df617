using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Admission;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Outbox;
using TrustMesh.Agent.Peers;
using TrustMesh.Agent.Proving;
using TrustMesh.Agent.Silo;
using TrustMesh.Agent.Statements;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Life;

/// <summary>
/// What a device does as a member of its mesh, with or without a silo: keeps what the authority signed, examines peers and is examined, keeps its
/// verdicts for the silo, tells applications. Begins with the identity, from disk alone, and ends with the process.
/// </summary>
internal sealed class MeshLife : IAsyncDisposable
{
    private static readonly TimeSpan StatusDelay = TimeSpan.FromSeconds(1);

    private readonly AgentConfig config;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly SiloWatch watch;
    private readonly ITimer statusDue;
    private readonly CancellationTokenSource ending = new();

    /// <summary>Takes up what is on disk. Throws <see cref="Roots.RootException"/>, <see cref="IOException"/>, <see cref="StateException"/>.</summary>
    public MeshLife(AgentConfig config, DeviceIdentity identity, StateDirectory files, ProofBatch proofs, SessionKeys sessions, Doorbell bell, TimeProvider time, ILogger log)
    {
        (this.config, this.time, this.log) = (config, time, log);
        var attester = proofs.Attester;
        var key = identity.Key();
        Statements = new(key, attester.Root.Device, time, new StatementStore(files, attester.Recall, memory => attester.Remember(memory), key), log);
        Verdict = new(Statements.Verifier, attester.Root.Device, time, log);
        Outbox = new(files, (long)config.OutboxMegabytes << 20, proofs.VoucherFor, log);
        watch = new(config.Silo, identity.Pin()!, Statements, config.Peer?.Addresses ?? [], _ => { }, time, log);
        statusDue = time.CreateTimer(_ => bell.Press(Ring.Status), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Book.Changed += _ => statusDue.Change(StatusDelay, Timeout.InfiniteTimeSpan);
        Statements.Changed += () => statusDue.Change(StatusDelay, Timeout.InfiniteTimeSpan);
        Outbox.Turned += () => bell.Press(Ring.Verdicts);
        watch.ProofWanted += () => bell.Press(Ring.ProofWanted);
        _ = sessions;
    }

    public MeshStatements Statements { get; }

    public SiloVerdict Verdict { get; }

    public VerdictOutbox Outbox { get; }

    public PeerBook Book { get; } = new();

    /// <summary>Ends only after <see cref="DisposeAsync"/>, or by what no later attempt could heal.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public void Start() => Running = Task.Run(() => watch.RunAsync(ending.Token), CancellationToken.None);

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

    public MeshStatus Status()
    {
        var (now, list, peers) = (Statements.Now, Statements.Status?.Value, Book.All);
        return new(config.Peer?.Listen.ToString(), peers.Count(peer => peer.IsAccepted(now)), peers.Count, Statements.Policy?.Policy.Serial ?? 0, list?.Serial ?? 0, list is null ? null : DateTimeOffset.FromUnixTimeSeconds(list.IssuedAt),
            Statements.IsCurrent(now), Outbox.Waiting, Outbox.Dropped, "off");
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        // Whoever runs the life has been told how it ended; here it only has to be over.
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        watch.Dispose();
        Statements.Dispose();
        await statusDue.DisposeAsync();
        ending.Dispose();
    }
}
