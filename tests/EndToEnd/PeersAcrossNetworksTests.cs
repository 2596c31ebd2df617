using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Demo;
using TrustMesh.Contracts;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.EndToEnd;

/// <summary>What the mesh is for, with everything real: devices that go on judging each other whatever is cut, killed or tampered with.</summary>
[SupportedOSPlatform("linux")]
// One after the other: they make routes on this machine, in a range that has to be free.
[Collection("three networks")]
public sealed class PeersAcrossNetworksTests : IClassFixture<AcrossNetworks>
{
    /// <summary>Of a verdict, as the demo's silo has it.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15), Slack = TimeSpan.FromSeconds(15), AtOnce = TimeSpan.FromSeconds(2);

    private readonly AcrossNetworks mesh;

    public PeersAcrossNetworksTests(AcrossNetworks mesh)
    {
        AcrossNetworks.Needs();
        this.mesh = mesh;
    }

    private SiloApi Api => mesh.Mesh.Api;

    [Fact]
    public async Task Devices_with_TPMs_and_tokens_judge_each_other_and_no_tier_passes_for_another()
    {
        await mesh.WholeAsync();
        var edges = await Api.EdgesAsync(null, null, null, CancellationToken.None);
        foreach (var one in mesh.Devices)
            foreach (var other in mesh.Devices.Where(device => device != one))
            {
                var edge = Assert.Single(edges, edge => edge.FromName == one.Name && edge.ToName == other.Name);
                Assert.Equal((TierOf(other), false), (edge.Tier, edge.Doubted));
                var said = await mesh.SaysAsync(one, other, Door.IsAllowed);
                Assert.Equal(TierOf(other), said.GetProperty("tier").GetString());
            }
        // The next words of the two: by the policy that this mesh was given after its start.
        var (first, last, began) = (mesh.Devices[0], mesh.Devices[^1], DateTimeOffset.UtcNow);
        await mesh.UntilAsync(() => mesh.EdgeOf(first, last)?.ProvenAt > began && mesh.EdgeOf(last, first)?.ProvenAt > began, "both judge each other anew");
        var detail = await Api.EdgeAsync(mesh.IdOf(first), mesh.IdOf(last), CancellationToken.None);
        Assert.All([detail.Forward!, detail.Back!], side => Assert.True(side.Fresh && side.Passed > 0 && side.Rounds.Count > 0 && side.PolicyVersion > 1));
    }

    [Fact]
    public async Task A_network_that_is_cut_off_goes_on_by_itself_and_is_part_of_the_mesh_again_when_it_is_mended()
    {
        await mesh.WholeAsync();
        var inside = mesh.DevicesIn(2);
        var outside = mesh.Devices.Except(inside).ToList();
        var cut = DateTimeOffset.UtcNow;
        mesh.Networks.Cut(2);
        // Silence is not trust: across the cut every word runs out, on both sides and at the silo.
        await mesh.UntilAsync(() => inside.All(one => mesh.Mesh.NodeOf(one)?.Look == Looks.Stale) && Pairs(inside, outside).All(pair => !mesh.Trusts(pair.One, pair.Other))
            && Pairs(outside, inside).All(pair => !mesh.Trusts(pair.One, pair.Other)), "nothing is trusted across the cut");
        foreach (var (one, other) in Pairs(inside, outside).Concat(Pairs(outside, inside))) await mesh.SaysAsync(one, other, peer => !Door.IsAllowed(peer));
        // Within, everybody goes on for longer than any verdict lasts.
        await mesh.UntilAsync(() => Pairs(outside, outside).All(pair => mesh.EdgeOf(pair.One, pair.Other) is { } edge && edge.ProvenAt > cut + Lifetime), "those who reach the silo go on");
        foreach (var (one, other) in Pairs(inside, inside)) await mesh.SaysAsync(one, other, peer => Door.IsAllowed(peer) && Door.Judged(peer) > cut + Lifetime);
        mesh.Networks.Mend(2);
        var mended = DateTimeOffset.UtcNow;
        await mesh.WholeAsync();
        // What they said to each other while nobody heard it has arrived.
        var heard = await Api.EdgeAsync(mesh.IdOf(inside[0]), mesh.IdOf(inside[1]), CancellationToken.None);
        Assert.Contains(heard.Forward!.Rounds, round => round.At > cut && round.At < mended && round.Status == "affirming");
        await AssertNoneLostAsync();
    }

    [Fact]
    public async Task While_the_silo_is_dead_a_tampered_device_is_refused_by_all_its_peers_and_every_verdict_arrives_once_and_in_order()
    {
        await mesh.WholeAsync();
        var victim = mesh.Device(2);
        var others = mesh.Devices.Where(device => device != victim).ToList();
        await mesh.Mesh.Silos.StopAsync(kill: true, CancellationToken.None);
        var killed = DateTimeOffset.UtcNow;
        await File.AppendAllTextAsync(victim.Sensitive, "x\n");
        foreach (var peer in others)
        {
            var refused = await mesh.SaysAsync(peer, victim, said => Door.Verdict(said) == "contraindicated");
            Assert.False(Door.IsAllowed(refused));
            var (code, output, error) = await mesh.AgentAsync(peer, "peer", "examine", victim.Name);
            Assert.True(code == 6, $"{code} {output} {error}");
            Assert.Contains("/etc/sensor.conf", output);
        }
        using (var closed = await FlowAsync(victim, others[0], AtOnce)) Assert.False(closed.IsOpen);
        // The others go on for longer than any verdict lasts.
        foreach (var (one, other) in Pairs(others, others)) await mesh.SaysAsync(one, other, peer => Door.IsAllowed(peer) && Door.Judged(peer) > killed + Lifetime);
        var restarted = DateTimeOffset.UtcNow;
        await mesh.Mesh.Silos.StartAsync(CancellationToken.None);
        await mesh.UntilAsync(() => others.All(peer => mesh.EdgeOf(peer, victim)?.Status == "contraindicated"), "the silo hears of it");
        await mesh.UntilAsync(() => Pairs(others, others).All(pair => mesh.EdgeOf(pair.One, pair.Other)?.ProvenAt > restarted), "the silo has heard everything");
        await AssertNoneLostAsync();
        foreach (var peer in others)
        {
            var heard = (await Api.EdgeAsync(mesh.IdOf(peer), mesh.IdOf(victim), CancellationToken.None)).Forward!;
            Assert.Contains(heard.Rounds, round => round.At > killed && round.At < restarted && round.Status == "contraindicated" && round.Reason!.Contains("/etc/sensor.conf", StringComparison.Ordinal));
        }
        var timeline = (await Api.DeviceAsync(mesh.IdOf(victim), CancellationToken.None)).Timeline;
        Assert.All(others, peer => Assert.Contains(timeline, line => line.Kind == "peer" && line.At < restarted && line.Text.Contains(peer.Name, StringComparison.Ordinal)));
        // As many contraindicated words as policy asks for have suspended it; put right and resumed, it is one of them again.
        await mesh.WholeAsync();
    }

    [Fact]
    public async Task A_revocation_reaches_devices_the_silo_does_not_reach_and_they_acknowledge_it_after_the_heal()
    {
        await mesh.WholeAsync();
        var lost = mesh.Device(5);
        var others = mesh.Devices.Where(device => device != lost).ToList();
        string[] apart = [.. mesh.DevicesIn(1).Concat(mesh.DevicesIn(2)).Select(device => device.Name).Order()];
        mesh.Networks.KeepSiloFrom(1, 2);
        await Api.DecideAsync(mesh.IdOf(lost), "revoke", new Decision("lost"), CancellationToken.None);
        mesh.IsGone(lost);
        foreach (var peer in others)
        {
            await mesh.SaysAsync(peer, lost, said => !Door.IsAllowed(said) && Door.Reason(said).Contains("revoked", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(6, (await mesh.AgentAsync(peer, "peer", "examine", lost.Name)).Code);
        }
        using (var closed = await FlowAsync(lost, others[0], AtOnce)) Assert.False(closed.IsOpen);
        // They refuse it, and the silo can not know that yet.
        var cut = await Api.PropagationAsync(null, CancellationToken.None);
        Assert.Equal(apart, cut.Waiting.Order());
        mesh.Networks.LetSiloPass();
        await mesh.UntilAcknowledgedAsync(others);
        await mesh.WholeAsync();
    }

    [Fact]
    public async Task A49_The_doors_of_an_agent_that_was_killed_and_those_of_its_peers_close_on_time()
    {
        await mesh.WholeAsync();
        DemoDevice killed = mesh.Device(3), peer = mesh.Device(1);
        using var flow = await FlowAsync(peer, killed, AcrossNetworks.Patience);
        Assert.True(flow.IsOpen && await flow.RoundAsync(AtOnce), "accepted peers can not talk");
        await mesh.Children.Find(killed.AgentName)!.KillAsync();
        // What is established is cut as what is new: nothing but evidence holds a door open.
        await flow.UntilCutAsync(silence: AtOnce, Lifetime + Slack);
        using (var late = await FlowAsync(peer, killed, AtOnce)) Assert.False(late.IsOpen);
        await mesh.WholeAsync();
        using var again = await FlowAsync(peer, killed, AcrossNetworks.Patience);
        Assert.True(again.IsOpen);
    }

    [Fact]
    public async Task A_stranger_on_a_devices_own_network_reaches_its_examination_and_nothing_else()
    {
        await mesh.WholeAsync();
        using var stranger = mesh.Networks.Stranger(0);
        using var refused = await Flow.OpenAsync(stranger, mesh.Networks.NamespaceOf(1), mesh.Networks.AddressOf(1), AtOnce);
        Assert.False(refused.IsOpen);
        using var limit = new CancellationTokenSource(AcrossNetworks.Patience);
        using var examined = stranger.NewSocket(AddressFamily.InterNetwork);
        await examined.ConnectAsync(mesh.Networks.PlaceOf(1).Peers, limit.Token);
        using var accepted = await FlowAsync(mesh.Device(2), mesh.Device(1), AcrossNetworks.Patience);
        Assert.True(accepted.IsOpen);
    }

    /// <summary>
    /// An issuer numbers its verdicts over all its peers, so its rounds together have every number once: none lost, none twice. Older rounds than the
    /// oldest of an edge that holds all it can are gone, and numbers that came while we read do not count.
    /// </summary>
    private async Task AssertNoneLostAsync()
    {
        foreach (var issuer in mesh.Devices)
        {
            var upTo = (await RoundsAsync(issuer)).Max(round => round.Sequence);
            var rounds = await RoundsAsync(issuer);
            var from = rounds.GroupBy(round => round.Edge).Where(edge => edge.Count() == MostRounds).Select(edge => edge.Min(round => round.Sequence)).DefaultIfEmpty(1).Max();
            var numbers = rounds.Select(round => round.Sequence).Where(number => number >= from && number <= upTo).Order().ToList();
            Assert.True(Enumerable.Range(0, (int)(upTo - from) + 1).Select(step => from + step).SequenceEqual(numbers),
                string.Create(CultureInfo.InvariantCulture, $"{issuer.Name} numbered {from} to {upTo}, and the silo has {string.Join(", ", numbers)}"));
            foreach (var edge in rounds.GroupBy(round => round.Edge))
            {
                // As the silo gives them: the newest first.
                Assert.True(edge.Select(round => round.Sequence).SequenceEqual(edge.Select(round => round.Sequence).OrderDescending()), $"rounds of {issuer.Name} are out of order");
                // A peer is judged, and then the verdict gets its number: of two encounters with it at once, the one judged first may be the one kept last.
                Assert.All(edge.Zip(edge.Skip(1)), pair => Assert.True(pair.First.At >= pair.Second.At - Crossing, $"{issuer.Name} numbered {pair.First.Sequence} long after it was judged: {pair.First.At:O}, {pair.Second.At:O} before it"));
            }
        }
    }

    private const int MostRounds = 20;

    /// <summary>More than it takes to keep a verdict on a busy machine, and less than the time between two examinations.</summary>
    private static readonly TimeSpan Crossing = TimeSpan.FromSeconds(3);

    private async Task<List<(string Edge, long Sequence, DateTimeOffset At)>> RoundsAsync(DemoDevice issuer)
    {
        var rounds = new List<(string, long, DateTimeOffset)>();
        foreach (var edge in (await Api.EdgesAsync(mesh.IdOf(issuer), null, null, CancellationToken.None)).Where(edge => edge.FromName == issuer.Name))
            rounds.AddRange((await Api.EdgeAsync(edge.From, edge.To, CancellationToken.None)).Forward!.Rounds.Select(round => (edge.To, round.Sequence, round.At)));
        return rounds;
    }

    private Task<Flow> FlowAsync(DemoDevice from, DemoDevice to, TimeSpan patience)
        => Flow.OpenAsync(mesh.Networks.NamespaceOf(from.Number), mesh.Networks.NamespaceOf(to.Number), mesh.Networks.AddressOf(to.Number), patience);

    private static string TierOf(DemoDevice device) => device.Root == DemoRoot.Tpm ? "tpm-quote" : "hardware-key";

    private static List<(DemoDevice One, DemoDevice Other)> Pairs(IReadOnlyList<DemoDevice> from, IReadOnlyList<DemoDevice> to)
        => [.. from.SelectMany(one => to.Where(other => other != one).Select(other => (one, other)))];
}
