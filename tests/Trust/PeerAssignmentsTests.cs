using System.Security.Cryptography;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Peers;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Trust;

public sealed class PeerAssignmentsTests : IAsyncDisposable
{
    private static readonly RandomNumberGenerator Random = RandomNumberGenerator.Create();

    private readonly StatusBench bench = new();
    private readonly List<PeerAssignments> all = [];
    private int peers = 4;

    [Fact]
    public async Task A_device_learns_whom_to_examine_and_where_they_listen()
    {
        var assignments = await OpenAsync();
        for (var i = 1; i <= 3; i++) await assignments.AnnounceAsync(Entry(i), [$"10.0.0.{i}:7444"], default);
        var mine = await SignedAsync(assignments, 1);
        Assert.Equal(["device-2 10.0.0.2:7444", "device-3 10.0.0.3:7444"], mine.Peers.Select(peer => $"{peer.Name} {Assert.Single(peer.Addresses)}").Order());
        Assert.All(mine.Peers, peer => Assert.Equal(("lab", "sensor"), (peer.Site, peer.Model)));
        Assert.Null(await assignments.ForAsync(Entry(4).Device, default));
    }

    [Fact]
    public async Task It_is_signed_anew_only_when_it_is_another_or_old()
    {
        var assignments = await OpenAsync();
        for (var i = 1; i <= 3; i++) await assignments.AnnounceAsync(Entry(i), [$"10.0.0.{i}:7444"], default);
        var first = await assignments.ForAsync(Entry(1).Device, default);
        Assert.Same(first, await assignments.ForAsync(Entry(1).Device, default));
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await assignments.AnnounceAsync(Entry(2), ["10.0.0.99:7444"], default);
        var moved = await assignments.ForAsync(Entry(1).Device, default);
        Assert.True(moved!.Serial > first!.Serial);
        Assert.Contains(moved.Peers, peer => peer.Addresses.Contains("10.0.0.99:7444"));
        bench.Time.Advance(TimeSpan.FromDays(16));
        var old = await assignments.ForAsync(Entry(1).Device, default);
        Assert.True(old!.Serial > moved.Serial);
        Assert.Equal(old.Serial, (await SignedAsync(assignments, 1)).Serial);
    }

    [Fact]
    public async Task Those_whose_peers_changed_are_told_and_who_is_no_longer_active_is_nobodys_peer()
    {
        var assignments = await OpenAsync();
        for (var i = 1; i <= 4; i++) await assignments.AnnounceAsync(Entry(i), [$"10.0.0.{i}:7444"], default);
        var told = new List<DeviceId>();
        assignments.Changed += told.Add;
        assignments.Note(Entry(2));
        Assert.Empty(told);
        assignments.Note(Entry(2) with { Standing = Standing.Revoked });
        Assert.Subset(told.ToHashSet(), new HashSet<DeviceId> { Entry(1).Device, Entry(3).Device, Entry(4).Device });
        Assert.Equal(["device-3", "device-4"], (await SignedAsync(assignments, 1)).Peers.Select(peer => peer.Name).Order());
        Assert.Null(await assignments.ForAsync(Entry(2).Device, default));
        // It cannot announce its way back.
        await assignments.AnnounceAsync(Entry(2) with { Standing = Standing.Revoked }, ["10.0.0.2:1"], default);
        Assert.Equal(3, assignments.Count);
        // Resumed, it is where it was: its address was kept.
        assignments.Note(Entry(2));
        Assert.Equal(4, assignments.Count);
    }

    [Fact]
    public async Task A_device_that_listens_no_more_is_taken_off()
    {
        var assignments = await OpenAsync();
        for (var i = 1; i <= 3; i++) await assignments.AnnounceAsync(Entry(i), [$"10.0.0.{i}:7444"], default);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await assignments.AnnounceAsync(Entry(3), [], default);
        Assert.Equal(["device-2"], (await SignedAsync(assignments, 1)).Peers.Select(peer => peer.Name));
        Assert.Null((await OpenAsync(Entry(1), Entry(2), Entry(3))).PeersOf(Entry(3).Device));
    }

    [Fact]
    public async Task After_a_restart_everyone_has_the_peers_it_had_and_a_higher_serial()
    {
        var before = await OpenAsync();
        for (var i = 1; i <= 20; i++) await before.AnnounceAsync(Entry(i), [$"10.0.0.{i}:7444"], default);
        var serials = new List<long>();
        for (var i = 1; i <= 20; i++) serials.Add((await before.ForAsync(Entry(i).Device, default))!.Serial);
        Assert.Equal(20, serials.Distinct().Count());
        var after = await OpenAsync([.. Enumerable.Range(1, 20).Select(Entry)]);
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal(before.PeersOf(Entry(i).Device)!.Select(peer => (peer.Device, peer.Addresses[0])), after.PeersOf(Entry(i).Device)!.Select(peer => (peer.Device, peer.Addresses[0])));
            Assert.True((await after.ForAsync(Entry(i).Device, default))!.Serial > serials.Max());
        }
    }

    [Fact]
    public async Task A42_A_device_that_moves_without_end_costs_one_write_in_five_seconds()
    {
        var assignments = await OpenAsync();
        for (var i = 1; i < 100; i++) await assignments.AnnounceAsync(Entry(1), [$"10.0.0.1:{i}"], default);
        Assert.Equal(1, (await bench.Store.ReadAsync("peer-address", Entry(1).Device.Text, default))!.Version);
        bench.Time.Advance(TimeSpan.FromSeconds(6));
        await assignments.AnnounceAsync(Entry(1), ["10.0.0.1:200"], default);
        Assert.Equal(2, (await bench.Store.ReadAsync("peer-address", Entry(1).Device.Text, default))!.Version);
    }

    [Fact]
    public async Task A43_A_stored_address_that_is_none_takes_nobody_with_it()
    {
        var first = await OpenAsync();
        for (var i = 1; i <= 3; i++) await first.AnnounceAsync(Entry(i), [$"10.0.0.{i}:7444"], default);
        await bench.Store.WriteAsync("peer-address", Entry(1).Device.Text, 1, "not an address"u8.ToArray(), default);
        await bench.Store.WriteAsync("peer-address", "not a device", 0, "10.0.0.9:7444"u8.ToArray(), default);
        var second = await OpenAsync(Entry(1), Entry(2), Entry(3));
        Assert.Equal(2, second.Count);
        await second.AnnounceAsync(Entry(1), ["10.0.0.1:7444"], default);
    }

    [Fact]
    public async Task A_policy_with_another_k_counts_for_all()
    {
        var assignments = await OpenAsync();
        for (var i = 1; i <= 20; i++) await assignments.AnnounceAsync(Entry(i), [$"10.0.0.{i}:7444"], default);
        Assert.Equal(4, assignments.PeersOf(Entry(1).Device)!.Count);
        peers = 7;
        assignments.Reconsider();
        Assert.Equal(7, (await SignedAsync(assignments, 1)).Peers.Count);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in all) one.Dispose();
        await bench.DisposeAsync();
    }

    private async Task<PeerAssignments> OpenAsync(params DeviceEntry[] entries)
    {
        var assignments = new PeerAssignments(bench.Authority, bench.Store, new(bench.Store), () => peers, Random, bench.Time);
        all.Add(assignments);
        await assignments.LoadAsync(entries, default);
        return assignments;
    }

    private DeviceEntry Entry(int number) => DeviceEntry.Of(bench.Twin(number, Standing.Active));

    /// <summary>As the device checks it.</summary>
    private async Task<PeerAssignment> SignedAsync(PeerAssignments assignments, int number)
    {
        var signed = (await assignments.ForAsync(Entry(number).Device, default))!;
        var statement = bench.Authority.Statements.VerifyAssignment(signed.Signed, bench.Time.GetUtcNow(), signed.Serial, Entry(number).Device);
        return statement.Accepted?.Value ?? throw new InvalidOperationException(string.Join("\n", statement.Findings));
    }
}
