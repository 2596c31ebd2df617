using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TrustMesh.Agent.Configuration;
using TrustMesh.Tests.Parts;
using static TrustMesh.Tests.Agent.ClosedDevice;

namespace TrustMesh.Tests.Agent;

/// <summary>Admission in a real kernel, with real TCP between network namespaces.</summary>
public sealed class NftAdmissionTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5), Short = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("10.77.0.2", "10.77.0.1")]
    [InlineData("fd77::2", "fd77::1")]
    [InlineData("::ffff:10.77.0.2", "10.77.0.1")]
    public async Task An_accepted_peer_comes_in_and_nobody_else(string peer, string device)
    {
        await using var closed = await CreateAsync();
        var to = IPAddress.Parse(device);
        Assert.False(await ReachesAsync(closed.Peer, to, Application));
        await closed.Admission.AdmitAsync(IPAddress.Parse(peer), Long, CancellationToken.None);
        Assert.True(await ReachesAsync(closed.Peer, to, Application));
        Assert.False(await ReachesAsync(closed.Stranger, to, Application));
    }

    [Fact]
    public async Task The_device_itself_reaches_an_accepted_peer_and_no_stranger()
    {
        await using var closed = await CreateAsync();
        closed.Listen(closed.Peer, 9000);
        closed.Listen(closed.Stranger, 9000);
        await closed.Admission.AdmitAsync(PeerAddress, Long, CancellationToken.None);
        Assert.True(await ReachesAsync(closed.Device, PeerAddress, 9000));
        Assert.False(await ReachesAsync(closed.Device, StrangerAddress, 9000));
    }

    [Fact]
    public async Task A49_A_flow_in_the_middle_of_a_transfer_ends_when_the_evidence_does_and_nobody_has_to_do_anything()
    {
        await using var closed = await CreateAsync();
        await closed.Admission.AdmitAsync(PeerAddress, Short, CancellationToken.None);
        var watch = Stopwatch.StartNew();
        using var flow = await ConnectAsync(closed.Peer, DeviceAddress, Application);
        Assert.NotNull(flow);
        while (await EchoesAsync(flow)) Assert.InRange(watch.Elapsed, TimeSpan.Zero, Short + TimeSpan.FromSeconds(2));
        Assert.InRange(watch.Elapsed, Short - TimeSpan.FromMilliseconds(100), Eventually.Deadline);
        Assert.False(await ReachesAsync(closed.Peer, DeviceAddress, Application));
    }

    [Fact]
    public async Task A_flow_of_a_peer_that_is_expelled_is_cut_at_once()
    {
        await using var closed = await CreateAsync();
        await closed.Admission.AdmitAsync(PeerAddress, Long, CancellationToken.None);
        using var flow = await ConnectAsync(closed.Peer, DeviceAddress, Application);
        Assert.True(await EchoesAsync(flow!));
        await closed.Admission.ExpelAsync(PeerAddress, CancellationToken.None);
        Assert.False(await EchoesAsync(flow!));
        await closed.Admission.ExpelAsync(PeerAddress, CancellationToken.None);
        await closed.Admission.ExpelAsync(StrangerAddress, CancellationToken.None);
    }

    [Theory]
    [InlineData(300, 3)]
    [InlineData(1, 300)]
    public async Task The_last_word_on_a_lifetime_counts_longer_or_shorter(int first, int last)
    {
        await using var closed = await CreateAsync();
        await closed.Admission.AdmitAsync(PeerAddress, TimeSpan.FromSeconds(first), CancellationToken.None);
        await closed.Admission.AdmitAsync(PeerAddress, TimeSpan.FromSeconds(last), CancellationToken.None);
        using var flow = await ConnectAsync(closed.Peer, DeviceAddress, Application);
        Assert.True(await EchoesAsync(flow!));
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(3.5) && await EchoesAsync(flow!)) { }
        Assert.Equal(last > first, await EchoesAsync(flow!));
    }

    [Fact]
    public async Task A_lifetime_that_is_over_lets_nobody_in()
    {
        await using var closed = await CreateAsync();
        await closed.Admission.AdmitAsync(PeerAddress, Long, CancellationToken.None);
        await closed.Admission.AdmitAsync(PeerAddress, TimeSpan.FromSeconds(-1), CancellationToken.None);
        Assert.False(await ReachesAsync(closed.Peer, DeviceAddress, Application));
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task A49_Killing_the_agent_or_stopping_its_clock_keeps_no_door_open(string signal)
    {
        await using var closed = await CreateAsync();
        var holder = AdmissionHolder.Start(closed.Device, PeerAddress, TimeSpan.FromSeconds(4));
        using var limit = new CancellationTokenSource(Eventually.Deadline);
        for (var line = ""; line is not null && !line.Contains(AdmissionHolder.Ready, StringComparison.Ordinal);) line = await holder.StandardOutput.ReadLineAsync(limit.Token);
        using var flow = await ConnectAsync(closed.Peer, DeviceAddress, Application);
        Assert.True(flow is not null, "the peer is not in while the agent lives");
        Command.Run("/", "kill", "-" + signal, $"{holder.Id}");
        if (signal == "KILL") await holder.WaitForExitAsync(limit.Token);
        var cut = false;
        await Eventually.TrueAsync(() => cut = cut || !EchoesAsync(flow).GetAwaiter().GetResult(), "the flow to be cut");
        Assert.False(await ReachesAsync(closed.Peer, DeviceAddress, Application));
        Assert.False(await ReachesAsync(closed.Stranger, DeviceAddress, Application));
    }

    [Fact]
    public async Task Anyone_may_knock_at_the_mesh_port_to_be_examined()
    {
        await using var closed = await CreateAsync();
        closed.Listen(closed.Device, Mesh);
        using var knock = await ConnectAsync(closed.Stranger, DeviceAddress, Mesh);
        Assert.True(await EchoesAsync(knock!));
    }

    [Fact]
    public async Task The_device_reaches_its_silo_and_the_ports_of_its_peers_and_nothing_else_there()
    {
        await using var closed = await CreateAsync();
        foreach (var port in new[] { 7443, 9000 }) closed.Listen(closed.Stranger, port);
        Assert.False(await ReachesAsync(closed.Device, StrangerAddress, 7443));
        await closed.Admission.ReachAsync([new(StrangerAddress, 7443), new(IPAddress.Parse("fd77::3"), 7443)], CancellationToken.None);
        using var flow = await ConnectAsync(closed.Device, StrangerAddress, 7443);
        Assert.True(await EchoesAsync(flow!));
        Assert.True(await ReachesAsync(closed.Device, IPAddress.Parse("fd77::3"), 7443));
        Assert.False(await ReachesAsync(closed.Device, StrangerAddress, 9000));
        // From the port that may answer, nobody may ask.
        Assert.False(await ReachesAsync(closed.Stranger, DeviceAddress, Application, source: 7445));
        await closed.Admission.ReachAsync([new(StrangerAddress, 7445)], CancellationToken.None);
        Assert.False(await ReachesAsync(closed.Stranger, DeviceAddress, Application, source: 7445));
        Assert.False(await EchoesAsync(flow!));
    }

    [Fact]
    public async Task The_allow_list_lets_a_network_in_whoever_it_is()
    {
        await using var closed = await CreateAsync(Rule("10.77.0.3"));
        closed.Listen(closed.Stranger, 9000);
        Assert.True(await ReachesAsync(closed.Stranger, DeviceAddress, Application));
        Assert.True(await ReachesAsync(closed.Device, StrangerAddress, 9000));
        Assert.False(await ReachesAsync(closed.Peer, DeviceAddress, Application));
    }

    [Fact]
    public async Task An_allowed_port_passes_in_both_directions_and_no_other_port()
    {
        await using var closed = await CreateAsync(Rule("10.77.0.0/24 tcp 22"), Rule("fd77::/64 udp 53"));
        closed.Listen(closed.Device, 22);
        closed.Listen(closed.Peer, 22);
        using var there = await ConnectAsync(closed.Peer, DeviceAddress, 22);
        Assert.True(await EchoesAsync(there!));
        using var back = await ConnectAsync(closed.Device, PeerAddress, 22);
        Assert.True(await EchoesAsync(back!));
        Assert.False(await ReachesAsync(closed.Peer, DeviceAddress, Application));
        using var free = closed.Peer.NewSocket(AddressFamily.InterNetwork);
        // The allowed port as source opens nothing.
        Assert.False(await ReachesAsync(closed.Stranger, DeviceAddress, Application, source: 22));
    }

    [Fact]
    public async Task Loopback_and_the_devices_own_address_work_on_the_device()
    {
        await using var closed = await CreateAsync();
        foreach (var own in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, DeviceAddress }) Assert.True(await ReachesAsync(closed.Device, own, Application));
        await closed.Admission.AdmitAsync(IPAddress.Loopback, Long, CancellationToken.None);
        await closed.Admission.ExpelAsync(IPAddress.Loopback, CancellationToken.None);
        Assert.True(await ReachesAsync(closed.Device, IPAddress.Loopback, Application));
    }

    [Fact]
    public async Task A_restart_puts_out_whoever_was_in_and_opens_to_nobody_in_between()
    {
        await using var closed = await CreateAsync();
        await closed.Admission.AdmitAsync(PeerAddress, Long, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var tries = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var got = 0;
            while (!stop.IsCancellationRequested) got += await ReachesAsync(closed.Stranger, DeviceAddress, Application) ? 1 : 0;
            return got;
        })).ToList();
        for (var i = 0; i < 50; i++)
        {
            await using var again = closed.Doors();
            await again.CloseAsync(CancellationToken.None);
        }
        await stop.CancelAsync();
        Assert.Equal(0, (await Task.WhenAll(tries)).Sum());
        Assert.False(await ReachesAsync(closed.Peer, DeviceAddress, Application));
    }

    [Fact]
    public async Task The_doors_stay_closed_when_the_agent_ends_and_open_when_an_operator_says_so()
    {
        await using var closed = await CreateAsync();
        await closed.Doors().DisposeAsync();
        Assert.False(await ReachesAsync(closed.Stranger, DeviceAddress, Application));
        Assert.True(await TrustMesh.Agent.Admission.NftAdmission.IsThereAsync(closed.Nft, closed.Table, CancellationToken.None));
        await TrustMesh.Agent.Admission.NftAdmission.RemoveAsync(closed.Nft, closed.Table, CancellationToken.None);
        Assert.True(await ReachesAsync(closed.Stranger, DeviceAddress, Application));
        Assert.False(await TrustMesh.Agent.Admission.NftAdmission.IsThereAsync(closed.Nft, closed.Table, CancellationToken.None));
        await TrustMesh.Agent.Admission.NftAdmission.RemoveAsync(closed.Nft, closed.Table, CancellationToken.None);
    }

    [Theory]
    [InlineData("flush ruleset")]
    [InlineData("add rule inet {0} input accept")]
    public async Task Sees_that_somebody_changed_the_firewall(string script)
    {
        await using var closed = await CreateAsync();
        await closed.Admission.AdmitAsync(PeerAddress, Long, CancellationToken.None);
        await closed.Admission.ReachAsync([new(PeerAddress, 1)], CancellationToken.None);
        Assert.True(await closed.Admission.StandsAsync(CancellationToken.None));
        closed.Device.Run("nft", script.Replace("{0}", closed.Table.ToString(), StringComparison.Ordinal));
        Assert.False(await closed.Admission.StandsAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("ff02::1")]
    public async Task An_address_that_is_no_machines_is_not_admitted(string address)
    {
        await using var closed = await CreateAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => closed.Admission.AdmitAsync(IPAddress.Parse(address), Long, CancellationToken.None));
    }

    [Fact]
    public async Task A_link_local_peer_comes_in_without_its_interface()
    {
        await using var closed = await CreateAsync();
        await closed.Admission.AdmitAsync(IPAddress.Parse("fe80::1%3"), Long, CancellationToken.None);
        Assert.Contains("fe80::1 timeout", closed.Device.Run("nft", "list", "ruleset"), StringComparison.Ordinal);
    }

    private static AllowRule Rule(string text) => AllowRule.TryParse(text, out var rule, out var problem) ? rule : throw new InvalidOperationException(problem);
}
