using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>Whole agents that judge each other over real sockets, with silos that come and go.</summary>
public sealed class PeerLifeTests : IAsyncDisposable
{
    private readonly FakeAuthority authority = new();
    private readonly PeerMesh mesh;
    private readonly PeeredDevice a, b;

    public PeerLifeTests()
    {
        mesh = new(key: authority.Key);
        mesh.PublishReference(new Dictionary<string, string> { ["/pump.conf"] = PeeredDevice.Good });
        mesh.Publish(policy => policy with { IntervalSeconds = 1, LifetimeSeconds = 30 });
        (a, b) = (new(mesh, authority, "pump-a"), new(mesh, authority, "pump-b"));
        mesh.Enrol(a.Root, "pump-a");
        mesh.Enrol(b.Root, "pump-b");
    }

    private async Task StartAsync()
    {
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await Eventually.TrueAsync(() => a.Address is not null && b.Address is not null, "the addresses");
        (a.Assignment, a.AssignmentSerial) = (mesh.SignedPeers(a.Id, mesh.Assigned(b.Id, b.Address!)), 1);
        (b.Assignment, b.AssignmentSerial) = (mesh.SignedPeers(b.Id, mesh.Assigned(a.Id, a.Address!)), 2);
        a.Silo.Announce();
        b.Silo.Announce();
        await a.AcceptsAsync(b);
        await b.AcceptsAsync(a);
    }

    [Fact]
    public async Task Verdicts_reach_the_silo_in_order_and_status_shows_the_mesh()
    {
        await StartAsync();
        await Eventually.TrueAsync(() => a.Silo.Verdicts.Count > 2 && b.Silo.Verdicts.Count > 2, "verdicts");
        Assert.All(a.Silo.Verdicts, verdict => Assert.Equal((a.Id, b.Id, TrustTier.Warning), (verdict.Issuer, verdict.Subject, verdict.Status)));
        Assert.Empty(a.Silo.OutOfOrder);
        await Eventually.TrueAsync(() => a.Life.Status().Mesh is { Accepted: 1, Known: 1, StatusList: 1, Current: true, VerdictsDropped: 0, Admission: "off" }, "the status");
        Assert.Equal(a.Address, a.Life.Status().Mesh!.Peers);
    }

    [Fact]
    public async Task Without_a_silo_they_go_on_and_a_device_that_was_tampered_with_is_refused_and_every_verdict_arrives_later()
    {
        await StartAsync();
        await Task.WhenAll(a.StopSiloAsync().AsTask(), b.StopSiloAsync().AsTask());
        var before = a.About(b)!.JudgedAt;
        await Eventually.TrueAsync(() => a.About(b)!.JudgedAt > before, "another examination");
        await b.AcceptsAsync(a);

        b.Folder.Write("measured/pump.conf", "speed=99\n");
        await a.RefusesAsync(b);
        Assert.Equal(TrustTier.Contraindicated, a.About(b)!.Status);
        Assert.True(b.About(a)!.IsAccepted(DateTimeOffset.UtcNow), "the good one is still accepted");
        b.Folder.Write("measured/pump.conf", PeeredDevice.Good);
        await a.AcceptsAsync(b);
        var (delivered, made) = (a.Silo.NextVerdict, a.About(b)!.JudgedAt);

        await a.StartSiloAsync();
        await Eventually.TrueAsync(() => a.Silo.Verdicts.Count > 0 && a.Silo.Verdicts[^1].IssuedAt >= made!.Value.ToUnixTimeSeconds(), "the verdicts of the outage");
        Assert.Equal(delivered, a.Silo.Verdicts[0].Sequence);
        Assert.Equal(Enumerable.Range(0, a.Silo.Verdicts.Count).Select(i => delivered + i), a.Silo.Verdicts.Select(verdict => verdict.Sequence));
        Assert.Contains(a.Silo.Verdicts, verdict => verdict.Status == TrustTier.Contraindicated);
        // One that was taken as the silo went may come again: its answer may not have arrived.
        Assert.DoesNotContain(a.Silo.OutOfOrder, sequence => sequence >= delivered);
        Assert.Equal(0, a.Silo.Dropped);
    }

    [Fact]
    public async Task Restarted_without_a_silo_they_judge_each_other_from_disk()
    {
        await StartAsync();
        await Task.WhenAll(a.StopSiloAsync().AsTask(), b.StopSiloAsync().AsTask());
        await Task.WhenAll(a.StopAsync().AsTask(), b.StopAsync().AsTask());
        await Task.WhenAll(a.StartAsync(withSilo: false), b.StartAsync(withSilo: false));
        await a.AcceptsAsync(b);
        await b.AcceptsAsync(a);
        Assert.True(a.Life.State.ProvenAt is null, "no silo answered");
    }

    [Fact]
    public async Task A35_A_revocation_reaches_a_device_without_a_silo_through_its_peer()
    {
        await StartAsync();
        await b.StopSiloAsync();
        using var c = new RegisterRoot();
        mesh.Enrol(c, "pump-c");
        mesh.Revoke(c.Device);
        a.Silo.Announce();
        await Eventually.TrueAsync(() => b.Life.Status().Mesh!.StatusList == mesh.StatusSerial, "the list at the device that hears nothing from a silo");
    }

    [Fact]
    public async Task A35_A_revoked_device_is_refused_by_its_peer_at_once_and_the_silo_hears_of_it_within_moments()
    {
        await StartAsync();
        mesh.Revoke(b.Id);
        a.Silo.Announce();
        await a.RefusesAsync(b);
        await Eventually.TrueAsync(() => a.Silo.Verdicts.Any(verdict => verdict.Subject == b.Id && verdict.Status == TrustTier.Contraindicated && verdict.Because.Any(finding => finding.Check == "status.list")), "the verdict at the silo");
        await Eventually.TrueAsync(() => a.Silo.Watched.Any(request => request.StatusSerial == mesh.StatusSerial), "the acknowledgement");
    }

    [Fact]
    public async Task A_silo_that_was_restarted_is_told_and_watched_again_without_waiting_for_the_interval()
    {
        await StartAsync();
        a.Silo.NextSeconds = 3600;
        var accepted = a.Silo.Accepted.Count;
        await a.Silo.ProvenAsync(accepted + 1);
        await a.Life.InPhaseAsync(TrustMesh.Agent.Life.AgentPhase.Waiting);
        a.Silo.ForgetSessions();
        await a.Silo.ProvenAsync(accepted + 2);
        mesh.Revoke(b.Id);
        a.Silo.Announce();
        await a.RefusesAsync(b);
    }

    public async ValueTask DisposeAsync()
    {
        await a.DisposeAsync();
        await b.DisposeAsync();
        authority.Dispose();
    }
}
