using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Attacks;

/// <summary>A35: a revoked device and those who have not heard; a device that can not hear. There is no silo in any of it.</summary>
public sealed class A35PeerTests : IDisposable
{
    private readonly ShiftedTime time = new();
    private readonly PeerMesh mesh;
    private readonly List<MeshDevice> devices = [];

    public A35PeerTests() => mesh = new(time);

    [Fact]
    public async Task A35_A_revoked_device_is_refused_by_everyone_who_heard_of_it_from_a_peer()
    {
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        await using var far = Run("press-3");
        await using var bad = Run("press-4");
        // bad is known and trusted; a, b and far are in a row, so far hears of it only by way of b.
        bad.Assign(a, b, far);
        foreach (var one in new[] { a, b, far }) await one.HoldsAsync(bad, TrustTier.Warning);
        a.Assign(b);
        b.Assign(far);
        await a.HoldsAsync(b, TrustTier.Warning);
        await b.HoldsAsync(far, TrustTier.Warning);

        Assert.Empty(a.Device.Statements.Offer(new GossipStatements(null, mesh.Revoke(bad.Device.Id), [])));
        foreach (var one in new[] { a, b, far })
        {
            await one.HoldsAsync(bad, TrustTier.Contraindicated, "status.list");
            await one.SaysAsync("got revoked");
            var verdict = Assert.Single(one.Record.Verdicts, verdict => verdict.Subject == bad.Device.Id && verdict.Status == TrustTier.Contraindicated);
            Assert.Equal(mesh.StatusSerial, verdict.StatusSerial);
            Assert.False(one.Of(bad)!.IsAccepted(time.GetUtcNow()));
        }

        var shown = far.Record.Verdicts.Count;
        Assert.Equal("peer.reach", (await bad.Node.ExamineAsync(far.Device.Id, CancellationToken.None)).Because.Single().Check);
        await far.SaysAsync("Refused press-4");
        Assert.Equal(shown, far.Record.Verdicts.Count);
    }

    [Fact]
    public async Task A35_A_revoked_device_that_meets_one_who_has_not_heard_is_refused_after_gossip()
    {
        await using var informed = Run("press-1");
        await using var ignorant = Run("press-2");
        await using var bad = Run("press-3");
        Assert.Empty(informed.Device.Statements.Offer(new GossipStatements(null, mesh.Revoke(bad.Device.Id), [])));
        Assert.Equal(TrustTier.Warning, (await bad.Node.ExamineAsync(ignorant.Address, CancellationToken.None)).Status);
        await ignorant.HoldsAsync(bad, TrustTier.Warning);
        await informed.Node.ExamineAsync(ignorant.Address, CancellationToken.None);
        await ignorant.HoldsAsync(bad, TrustTier.Contraindicated, "status.list");
        // bad itself gets nothing any more, not even from who calls it.
        await bad.Node.ExamineAsync(ignorant.Device.Id, CancellationToken.None);
        await ignorant.SaysAsync("Refused press-3");
        Assert.Equal(1, bad.Device.Statements.Status!.Value.Serial);
    }

    [Fact]
    public async Task A35_One_that_was_suspended_and_let_in_again_brings_the_proof_of_it()
    {
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        Assert.Empty(a.Device.Statements.Offer(new GossipStatements(null, mesh.SetStatus(b.Device.Id, StatusValue.Suspended), [])));
        await Assert.ThrowsAsync<PeerException>(() => b.Node.ExamineAsync(a.Address, CancellationToken.None));
        await a.SaysAsync("got suspended");
        Assert.Empty(b.Device.Statements.Offer(new GossipStatements(null, mesh.SetStatus(b.Device.Id, StatusValue.Valid), [])));
        Assert.Equal(TrustTier.Warning, (await b.Node.ExamineAsync(a.Address, CancellationToken.None)).Status);
        await a.HoldsAsync(b, TrustTier.Warning);
        Assert.Equal(3, a.Device.Statements.Status!.Value.Serial);
    }

    [Fact]
    public async Task A35_A_device_whose_status_list_is_too_old_trusts_nobody_until_a_peer_brings_a_newer_one()
    {
        await using var stale = Run(new MeshDevice(mesh, "press-1", statusAge: TimeSpan.FromDays(2)));
        await using var other = Run(new MeshDevice(mesh, "press-2", statusAge: TimeSpan.FromDays(2)));
        var judged = await Assert.ThrowsAsync<PeerException>(() => stale.Node.ExamineAsync(other.Address, CancellationToken.None));
        Assert.Contains("refused", judged.Message, StringComparison.Ordinal);
        await other.HoldsAsync(stale, TrustTier.None, "status.current");
        Assert.Equal(Outcome.NoAnswer, other.Of(stale)!.Because.Single(finding => finding.Check == "status.current").Outcome);

        mesh.SetStatus(stale.Device.Id, StatusValue.Valid);
        await using var fresh = Run("press-3");
        Assert.Equal(TrustTier.Warning, (await fresh.Node.ExamineAsync(other.Address, CancellationToken.None)).Status);
        await other.HoldsAsync(fresh, TrustTier.Warning);
        await other.Node.ExamineAsync(stale.Address, CancellationToken.None);
        await other.HoldsAsync(stale, TrustTier.Warning);
    }

    /// <summary>The wall clock says when somebody is due; the schedule looks at it every ten seconds at least.</summary>
    [Fact]
    public async Task A49_A_clock_that_is_set_back_leaves_nobody_unexamined()
    {
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        a.Assign(b);
        await a.HoldsAsync(b, TrustTier.Warning);
        var before = a.Record.Verdicts.Count;
        time.Ahead = -TimeSpan.FromMinutes(5);
        await Eventually.TrueAsync(() => a.Record.Verdicts.Count > before, "another examination", TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task A35_When_the_grace_period_is_over_whoever_was_trusted_is_unknown()
    {
        mesh.Publish(policy => policy with { Peers = PeerRules.Default with { GraceSeconds = 3600 }, LifetimeSeconds = 80_000 });
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        a.Assign(b);
        await a.HoldsAsync(b, TrustTier.Warning);
        // No verdict outlives the grace period of what it rests on.
        Assert.True(a.Of(b)!.ExpiresAt - a.Of(b)!.JudgedAt <= TimeSpan.FromSeconds(3600));
        time.Ahead = TimeSpan.FromHours(2);
        a.Node.OnStatements();
        await a.HoldsAsync(b, TrustTier.None, "status.current");
        Assert.Single(a.Record.Verdicts, verdict => verdict.Status == TrustTier.None);
    }

    [Fact]
    public async Task A35_A_device_the_status_list_does_not_know_is_unknown_and_not_valid()
    {
        // A list of four entries does not reach to whoever was enrolled fifth.
        var b = Device("press-1");
        for (var i = 0; i < 3; i++) Device($"filler-{i}");
        var a = Device("press-2");
        b.Statements.Offer(new GossipStatements(null, mesh.SetStatus(b.Id, StatusValue.Valid), []));
        b.Statements.Offer(new GossipStatements(null, Short(), []));
        var pair = new HandshakePair(a, b);
        pair.I.Facts = facts => facts with { StatusSerial = 1_000 };
        await pair.RunAsync();
        Assert.Equal((HandshakeEnd.Declined, TrustTier.None), (pair.R.Last.End, pair.R.Judgement!.Verdict.Status));
        Assert.Contains(pair.R.Judgement.Verdict.Because, finding => finding is { Check: "status.list", Outcome: Outcome.NoAnswer });

        byte[] Short()
        {
            mesh.SetStatus(b.Id, StatusValue.Valid);
            return mesh.SignedStatus(entries: 4);
        }
    }

    public void Dispose()
    {
        devices.ForEach(device => device.Dispose());
        mesh.Dispose();
    }

    private MeshDevice Device(string name)
    {
        var device = new MeshDevice(mesh, name);
        devices.Add(device);
        return device;
    }

    private RunningPeer Run(string name) => new(Device(name));

    private RunningPeer Run(MeshDevice device)
    {
        devices.Add(device);
        return new(device);
    }
}
