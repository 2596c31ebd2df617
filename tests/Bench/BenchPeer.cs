using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Measuring;
using TrustMesh.Agent.Outbox;
using TrustMesh.Agent.Peers;
using TrustMesh.Agent.Proving;
using TrustMesh.Agent.Statements;
using TrustMesh.Roots;
using TrustMesh.Roots.Software;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Bench;

/// <summary>An agent's peer side in this process: software root, ten measured files, its outbox on disk, its node on the loopback network. Limits are lifted:
/// they are there to be reached.</summary>
internal sealed class BenchPeer : IAsyncDisposable
{
    private static readonly PeerLimits Unlimited = new(1024, 48, 1024, 1_000_000, 1_000_000, 1024, 64 * 1024 * 1024);

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-bench-").FullName;
    private readonly CancellationTokenSource stop = new();
    private readonly IRoot root;
    private readonly StateDirectory state;
    private readonly Attester attester;
    private readonly MeshStatements statements;
    private readonly PeerNode node;
    private readonly Task running;

    public BenchPeer(BenchMesh mesh, string name)
    {
        root = SoftwareRoot.Open(new("software", "", "auto", 13, Path.Combine(folder, "root")));
        state = StateDirectory.Open(Path.Combine(folder, "state"));
        attester = new(root, state);
        attester.Record(() => [.. Enumerable.Range(0, BenchMesh.Files).Select(BenchMesh.File).Select(file => (file.Name, new Reading(LogEntryKind.File, file.Digest)))]);
        statements = mesh.Join(root, name);
        var proofs = new ProofBatch(attester, () => 0, "0.1.0", TimeProvider.System);
        var outbox = new VerdictOutbox(state, 64 * 1024 * 1024, proofs.VoucherFor, NullLogger.Instance);
        node = new(new PeerSettings(new(IPAddress.Loopback, 0), []), root.Device, statements, Book, proofs, Sessions, outbox.Record, TimeProvider.System, NullLogger.Instance, Unlimited);
        running = node.RunAsync(stop.Token);
    }

    public SessionKeys Sessions { get; } = new(TimeProvider.System);

    private PeerBook Book { get; } = new();

    /// <summary>Connects, and both have proved themselves to the other; or an exception.</summary>
    public async Task ExamineAsync(BenchPeer other)
    {
        var known = Book.Find(other.root.Device) is null ? await node.ExamineAsync(other.node.Listening!.ToString(), stop.Token) : await node.ExamineAsync(other.root.Device, stop.Token);
        if (!Accepts(other) || !other.Accepts(this)) throw new InvalidOperationException($"a peer of the benchmark is {known.Status}: {string.Join("; ", known.Because)}");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        node.Dispose();
        Sessions.Dispose();
        statements.Dispose();
        attester.Dispose();
        state.Dispose();
        root.Dispose();
        stop.Dispose();
        Directory.Delete(folder, true);
    }

    private bool Accepts(BenchPeer other) => Book.Find(other.root.Device) is { } peer && peer.IsAccepted(TimeProvider.System.GetUtcNow());
}
