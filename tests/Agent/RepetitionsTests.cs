using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Tests.Trust;

namespace TrustMesh.Tests.Agent;

/// <summary>Somebody who is refused and knocks all day neither fills the log nor keeps everybody busy.</summary>
public sealed class RepetitionsTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void The_same_is_told_once_and_then_every_ten_minutes_with_how_often_it_happened()
    {
        var repetitions = new Repetitions(time);
        Assert.Equal("", repetitions.Again("press-1", "revoked"));
        for (var i = 0; i < 199; i++)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            Assert.Null(repetitions.Again("press-1", "revoked"));
        }
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(" (200 times since 03:04Z)", repetitions.Again("press-1", "revoked"));
        Assert.Null(repetitions.Again("press-1", "revoked"));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(" (2 times since 03:14Z)", repetitions.Again("press-1", "revoked"));
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("", repetitions.Again("press-1", "revoked"));
    }

    [Fact]
    public void Another_reason_or_another_device_is_told_at_once()
    {
        var repetitions = new Repetitions(time);
        Assert.Equal(["", "", "", null, null], new[] { ("a", "x"), ("a", "y"), ("b", "x"), ("a", "x"), ("b", "x") }.Select(one => repetitions.Again(one.Item1, one.Item2)));
    }

    [Fact]
    public void A42_What_is_remembered_is_bounded_and_what_was_told_last_stays()
    {
        var repetitions = new Repetitions(time);
        for (var i = 0; i < 3 * Repetitions.Most; i++)
        {
            Assert.Equal("", repetitions.Again($"{i}", "x"));
            time.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Null(repetitions.Again($"{3 * Repetitions.Most - 1}", "x"));
        Assert.Null(repetitions.Again($"{2 * Repetitions.Most}", "x"));
        Assert.Equal("", repetitions.Again($"{2 * Repetitions.Most - 1}", "x"));
    }

    [Fact]
    public async Task A42_A_revoked_device_that_knocks_again_and_again_makes_one_line()
    {
        using var mesh = new PeerMesh();
        using var first = new MeshDevice(mesh, "press-1");
        using var second = new MeshDevice(mesh, "press-2");
        await using var a = new RunningPeer(first);
        await using var b = new RunningPeer(second);
        mesh.Revoke(first.Id);
        second.Statements.Offer(mesh.Published());
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<PeerException>(() => a.Node.ExamineAsync(b.Address, CancellationToken.None));
        await b.SaysAsync("Refused press-1");
        // One of another device is told at once, and behind everything the first one did.
        using var third = new MeshDevice(mesh, "press-3");
        await using var c = new RunningPeer(third);
        mesh.Revoke(third.Id);
        second.Statements.Offer(mesh.Published());
        await Assert.ThrowsAsync<PeerException>(() => c.Node.ExamineAsync(b.Address, CancellationToken.None));
        await b.SaysAsync("Refused press-3");
        Assert.Single(b.Log.Split('\n'), line => line.Contains("Refused press-1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_that_knows_it_is_revoked_hardly_calls_anybody(bool revoked)
    {
        using var mesh = new PeerMesh();
        using var device = new MeshDevice(mesh, "press-1");
        using var other = new MeshDevice(mesh, "press-2");
        mesh.Publish(policy => policy with { IntervalSeconds = 1 });
        if (revoked) mesh.Revoke(device.Id);
        Assert.Empty(device.Statements.Offer(mesh.Published()));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        // The first call finds out, and statements that came meanwhile may ask for others, within a second and however long each takes: what goes on after that is looked at.
        var (calls, settled, clock) = (new List<TimeSpan>(), TimeSpan.FromSeconds(2.5), Stopwatch.StartNew());
        using var over = new CancellationTokenSource(settled + TimeSpan.FromSeconds(3));
        await using var peer = new RunningPeer(device);
        Assert.Empty(device.Statements.OfferPeers(mesh.SignedPeers(device.Id, mesh.Assigned(other.Id, listener.LocalEndpoint.ToString()!))));
        try
        {
            while (true)
            {
                (await listener.AcceptSocketAsync(over.Token)).Dispose();
                calls.Add(clock.Elapsed);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Long enough for many calls.
        }
        Assert.True(calls.Count(at => at > settled) is var later && (revoked ? later == 0 : later >= 2), $"calls after {string.Join(", ", calls.Select(at => $"{at.TotalSeconds:0.00} s"))}");
    }
}
