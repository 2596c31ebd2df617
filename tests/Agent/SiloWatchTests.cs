using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Silo;
using TrustMesh.Agent.Statements;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Agent;

/// <summary>The watch alone, against a silo that vouches for whatever it is told to.</summary>
public sealed class SiloWatchTests : IAsyncLifetime
{
    private readonly FakeAuthority authority = new();
    private readonly RegisterRoot root = new();
    private readonly CancellationTokenSource stop = new();
    private readonly SessionKey session = new(TimeProvider.System);
    private readonly ConcurrentQueue<DeviceId> examined = new();
    private readonly StringWriter log = new();
    private PeerMesh mesh = null!;
    private FakeSilo silo = null!;
    private MeshStatements statements = null!;
    private SiloWatch watch = null!;
    private Task running = Task.CompletedTask;
    private int proofsWanted;

    public async ValueTask InitializeAsync()
    {
        mesh = new(key: authority.Key);
        mesh.Enrol(root, "press-1");
        mesh.PublishReference(new Dictionary<string, string> { ["/a"] = "1" });
        silo = await FakeSilo.StartAsync(authority);
        silo.Publish = Newer;
        statements = new(mesh.AuthorityKey, root.Device, TimeProvider.System);
        statements.OfferMembership(mesh.MembershipOf(root.Device));
        watch = new(new SiloAddresses([silo.Address], root.Device), authority.Pin, statements, ["press-1.example:7444"], ids => ids.ToList().ForEach(examined.Enqueue), TimeProvider.System, new Journal(log, underSystemd: true, LogLevel.Debug, TimeProvider.System));
        watch.ProofWanted += () => Interlocked.Increment(ref proofsWanted);
        running = watch.RunAsync(stop.Token);
    }

    [Fact]
    public async Task Asks_nothing_before_the_first_accepted_proof_of_its_session()
    {
        Assert.Empty(silo.Requests);
        Prove();
        await Eventually.TrueAsync(() => statements.Status is not null, "the statements");
        // A question before the proof would have been refused, and that raises the wish for one.
        Assert.Equal(0, proofsWanted);
    }

    [Fact]
    public async Task Brings_everything_that_is_newer_and_acknowledges_what_is_enforced()
    {
        Prove();
        await Eventually.TrueAsync(() => silo.Watched.Any(request => request is { PolicySerial: 1, StatusSerial: 1 } && request.References.Any(one => one is { Model: PeerMesh.Model, Serial: 1 })), "the acknowledgement");
        var first = silo.Watched.First();
        Assert.Equal((0L, 0L, 0L, 0L), (first.PolicySerial, first.StatusSerial, first.PeersSerial, first.Gaps));
        Assert.Equal([new ModelSerial(PeerMesh.Model, 0)], first.References);
        Assert.Equal(["press-1.example:7444"], first.Addresses);
    }

    [Fact]
    public async Task A_revocation_comes_at_once_and_a_list_that_was_missed_is_counted()
    {
        Prove();
        await Eventually.TrueAsync(() => silo.Watched.Any(request => request.StatusSerial == 1), "the first list");
        mesh.Revoke(root.Device);
        mesh.SetStatus(root.Device, StatusValue.Suspended);
        silo.Announce();
        await Eventually.TrueAsync(() => silo.Watched.Any(request => request is { StatusSerial: 3, Gaps: 1, EnforcedMs: >= 0 and < 15_000 }), "the acknowledgement of list 3");
        Assert.NotEqual(StatusValue.Valid, statements.StatusOf(statements.Membership!));
    }

    [Fact]
    public async Task Peers_an_operator_wants_examined_are_passed_on()
    {
        var wanted = DeviceId.FromRootKey([7]);
        var asked = 0;
        silo.Publish = _ => Interlocked.Increment(ref asked) == 1 ? WatchAnswer.Nothing with { Examine = [wanted] } : null;
        Prove();
        await Eventually.TrueAsync(() => !examined.IsEmpty, "the examination");
        Assert.Equal([wanted], examined);
    }

    [Fact]
    public async Task Not_proven_asks_for_a_proof_and_waits_for_it()
    {
        watch.Proven(session);
        await Eventually.TrueAsync(() => proofsWanted == 1, "the wish");
        Prove();
        await Eventually.TrueAsync(() => statements.Status is not null, "the statements");
        // A question that had not waited would have been refused again.
        Assert.Equal(1, proofsWanted);
    }

    [Fact]
    public async Task A_silo_that_restarted_is_watched_again_after_the_next_proof()
    {
        Prove();
        await Eventually.TrueAsync(() => statements.Status is not null, "the statements");
        silo.ForgetSessions();
        await Eventually.TrueAsync(() => proofsWanted == 1, "the wish");
        mesh.Revoke(root.Device);
        Prove();
        await Eventually.TrueAsync(() => statements.Status!.Value.Serial == 2, "the list of meanwhile");
    }

    [Fact]
    public async Task Whoever_waits_because_the_silo_asked_for_patience_is_woken_by_the_next_accepted_proof()
    {
        silo.Misbehave = async http =>
        {
            http.Response.Headers.RetryAfter = "600";
            await FakeSilo.Refuse(http, 429, "busy");
            return true;
        };
        Prove();
        await Eventually.TrueAsync(() => log.ToString().Contains("asks for patience", StringComparison.Ordinal), "the refusal");
        silo.Misbehave = null;
        silo.VouchFor(session.SpkiHash);
        // Without being woken it would wait for ten minutes. The proof may be accepted just before it begins to wait: there is always a next one.
        await Eventually.TrueAsync(() =>
        {
            watch.Proven(session);
            return statements.Status is not null;
        }, "the statements");
    }

    [Fact]
    public async Task A42_A_silo_that_answers_at_once_with_what_is_refused_is_not_asked_in_a_storm()
    {
        using var other = new PeerMesh();
        silo.Publish = _ => WatchAnswer.Nothing with { StatusList = other.SignedStatus() };
        Prove();
        await Eventually.TrueAsync(() => log.ToString().Contains("statement.signature", StringComparison.Ordinal), "the refusal");
        // Not a wait for an event: this is the window in which the questions are counted.
        await Task.Delay(500);
        Assert.InRange(silo.Watched.Count, 1, 15);
        Assert.Null(statements.Status);
    }

    [Fact]
    public async Task A_silo_of_another_mesh_gets_no_request()
    {
        using var stranger = new FakeAuthority();
        await using var elsewhere = await FakeSilo.StartAsync(stranger);
        using var lost = new SiloWatch(new SiloAddresses([elsewhere.Address], root.Device), authority.Pin, statements, [], _ => { }, TimeProvider.System, new Journal(log, underSystemd: true, LogLevel.Debug, TimeProvider.System));
        lost.Proven(session);
        using var ending = new CancellationTokenSource();
        var asking = lost.RunAsync(ending.Token);
        await Eventually.TrueAsync(() => log.ToString().Contains("No statements come from the silo for now", StringComparison.Ordinal), "the refusal");
        await ending.CancelAsync();
        await asking;
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_silo_that_is_gone_is_followed_by_the_next_and_one_that_does_not_know_the_proof_yet_is_asked_once_more()
    {
        await using var other = await FakeSilo.StartAsync(authority);
        other.Publish = Newer;
        var both = new SiloAddresses([silo.Address, other.Address], root.Device);
        var (home, next) = both.Now == silo.Address ? (silo, other) : (other, silo);
        using var second = new SiloWatch(both, authority.Pin, statements, [], _ => { }, TimeProvider.System, new Journal(log, underSystemd: true, LogLevel.Debug, TimeProvider.System));
        second.ProofWanted += () => Interlocked.Increment(ref proofsWanted);
        using var ending = new CancellationTokenSource();
        home.VouchFor(session.SpkiHash);
        second.Proven(session);
        var watching = second.RunAsync(ending.Token);
        await Eventually.TrueAsync(() => home.Watched.Any(request => request.StatusSerial == 1), "the first silo's list");
        // The next silo hears of the proof only after it was asked.
        next.Misbehave = http =>
        {
            if (next.Requests.Count > 1) next.VouchFor(session.SpkiHash);
            return Task.FromResult(false);
        };
        await home.DisposeAsync();
        mesh.Revoke(root.Device);
        await Eventually.TrueAsync(() => next.Watched.Any(request => request.StatusSerial == 2), "the acknowledgement at the next");
        Assert.Equal((0, next.Address), (proofsWanted, both.Now));
        await ending.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task With_several_silos_not_proven_twice_asks_for_a_proof()
    {
        await using var other = await FakeSilo.StartAsync(authority);
        using var second = new SiloWatch(new SiloAddresses([silo.Address, other.Address], root.Device), authority.Pin, statements, [], _ => { }, TimeProvider.System, new Journal(log, underSystemd: true, LogLevel.Debug, TimeProvider.System));
        second.ProofWanted += () => Interlocked.Increment(ref proofsWanted);
        using var ending = new CancellationTokenSource();
        second.Proven(session);
        var watching = second.RunAsync(ending.Token);
        await Eventually.TrueAsync(() => proofsWanted == 1, "the wish");
        Assert.Equal(2, silo.Watched.Count + other.Watched.Count);
        await ending.CancelAsync();
        await watching;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await silo.DisposeAsync();
        watch.Dispose();
        statements.Dispose();
        session.Dispose();
        stop.Dispose();
        authority.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine(log.ToString());
    }

    /// <summary>The silo accepts evidence of this session, and the agent hears of it.</summary>
    private void Prove()
    {
        silo.VouchFor(session.SpkiHash);
        watch.Proven(session);
    }

    private WatchAnswer? Newer(WatchRequest request) => new(
        request.PolicySerial < mesh.Policy.Serial ? mesh.SignedPolicy() : default(ReadOnlyMemory<byte>?),
        request.StatusSerial < mesh.StatusSerial ? mesh.SignedStatus() : default(ReadOnlyMemory<byte>?),
        null,
        request.References.Any(one => one.Model == PeerMesh.Model && one.Serial < mesh.Reference!.Serial) ? [mesh.SignedReference()!] : [],
        []);
}
