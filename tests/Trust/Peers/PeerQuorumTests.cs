using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Peers;

/// <summary>A36: who moves whom.</summary>
public sealed class PeerQuorumTests
{
    [Fact]
    public async Task A36_Enough_peers_suspend_a_device_and_are_named()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 3);
        var (peers, subject) = await MeshAsync(bench, 4);
        await AccuseAsync(bench, peers[0], subject, 1);
        await AccuseAsync(bench, peers[1], subject, 1);
        Assert.Equal(Standing.Active, (await bench.StateAsync(subject)).Standing);
        await AccuseAsync(bench, peers[2], subject, 1);
        var state = await bench.StateAsync(subject);
        Assert.Equal(Standing.Suspended, state.Standing);
        Assert.True(state.Membership.IsEmpty);
        var line = Assert.Single(state.Timeline, line => line.Kind == EventKind.Suspended);
        Assert.Equal(("peers", "3 peers judge contraindicated (peer-0, peer-1, peer-2): /etc/sensor.conf: expected sha256 aa, got sha256 bb"), (line.Actor, line.Text));
    }

    [Fact]
    public async Task A36_One_peer_saying_it_again_and_again_moves_nothing()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var (peers, subject) = await MeshAsync(bench, 1);
        for (var i = 1; i <= 5; i++) await AccuseAsync(bench, peers[0], subject, i);
        Assert.Equal(Standing.Active, (await bench.StateAsync(subject)).Standing);
    }

    [Fact]
    public async Task A36_Without_a_quorum_in_the_policy_nobody_is_suspended()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 0);
        var (peers, subject) = await MeshAsync(bench, 4);
        foreach (var peer in peers) await AccuseAsync(bench, peer, subject, 1);
        Assert.Equal(Standing.Active, (await bench.StateAsync(subject)).Standing);
    }

    [Theory, InlineData(Standing.Suspended), InlineData(Standing.Revoked)]
    public async Task A36_The_word_of_a_device_that_is_not_active_counts_for_nothing(Standing standing)
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var (peers, subject) = await MeshAsync(bench, 2);
        await bench.DecideAsync(peers[0], standing);
        foreach (var peer in peers) await AccuseAsync(bench, peer, subject, 1);
        Assert.Equal(Standing.Active, (await bench.StateAsync(subject)).Standing);
    }

    [Fact]
    public async Task A22_A_word_that_has_expired_or_is_older_than_the_policy_lets_it_be_counts_for_nothing()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var (peers, subject) = await MeshAsync(bench, 3);
        await AccuseAsync(bench, peers[0], subject, 1);
        // Its issuer says it lasts a week; the policy says ten minutes.
        var long_ = bench.Word(peers[1], subject, 1, TrustTier.Contraindicated);
        long_ = new(long_.Verdict with { ExpiresAt = long_.Verdict.IssuedAt + 604_800 }, long_.Signed);
        bench.Time.Advance(TimeSpan.FromSeconds(601));
        await bench.TakeAsync(peers[1], long_);
        await AccuseAsync(bench, peers[2], subject, 1);
        Assert.Equal(Standing.Active, (await bench.StateAsync(subject)).Standing);
        await AccuseAsync(bench, peers[1], subject, 2);
        Assert.Equal(Standing.Suspended, (await bench.StateAsync(subject)).Standing);
    }

    [Fact]
    public async Task A36_A_good_word_takes_a_bad_one_back_and_never_resumes_anybody()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var (peers, subject) = await MeshAsync(bench, 3);
        await AccuseAsync(bench, peers[0], subject, 1);
        await bench.TakeAsync(peers[0], bench.Word(peers[0], subject, 2));
        await AccuseAsync(bench, peers[1], subject, 1);
        Assert.Equal(Standing.Active, (await bench.StateAsync(subject)).Standing);
        await AccuseAsync(bench, peers[2], subject, 1);
        Assert.Equal(Standing.Suspended, (await bench.StateAsync(subject)).Standing);
        foreach (var (peer, i) in peers.Select((peer, i) => (peer, i))) await bench.TakeAsync(peer, bench.Word(peer, subject, i == 0 ? 3 : 2));
        Assert.Equal(Standing.Suspended, (await bench.StateAsync(subject)).Standing);
    }

    [Fact]
    public async Task A36_Words_from_before_a_person_resumed_the_device_do_not_suspend_it_again()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var (peers, subject) = await MeshAsync(bench, 2);
        foreach (var peer in peers) await AccuseAsync(bench, peer, subject, 1);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await bench.DecideAsync(subject, Standing.Active, resume: true);
        await AccuseAsync(bench, peers[0], subject, 1);
        Assert.Equal(Standing.Active, (await bench.StateAsync(subject)).Standing);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await AccuseAsync(bench, peers[0], subject, 2);
        Assert.Equal(Standing.Active, (await bench.StateAsync(subject)).Standing);
        await AccuseAsync(bench, peers[1], subject, 2);
        Assert.Equal(Standing.Suspended, (await bench.StateAsync(subject)).Standing);
    }

    [Fact]
    public async Task A_healthy_round_writes_no_twin()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var (peers, subject) = await MeshAsync(bench, 3);
        var version = (await bench.StateAsync(subject)).Version;
        for (var i = 1; i <= 5; i++)
            foreach (var peer in peers) await bench.TakeAsync(peer, bench.Word(peer, subject, i));
        Assert.Equal(version, (await bench.StateAsync(subject)).Version);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A36_A_suspension_that_could_not_be_written_is_written_with_the_next_bad_word(bool persisted)
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var (peers, subject) = await MeshAsync(bench, 2);
        foreach (var peer in peers) await bench.TakeAsync(peer, bench.Word(peer, subject, 1));
        await AccuseAsync(bench, peers[0], subject, 2);
        // The first write of a twin is the line; the second the suspension.
        bench.Records.Meanwhile = () =>
        {
            bench.Twins.FailPersisted = persisted;
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<IOException>(() => AccuseAsync(bench, peers[1], subject, 2));
        await AccuseAsync(bench, peers[1], subject, 2);
        var state = await bench.StateAsync(subject);
        Assert.Equal(Standing.Suspended, state.Standing);
        Assert.Single(state.Timeline, line => line.Kind == EventKind.Suspended);
    }

    [Fact]
    public async Task A36_Who_keeps_contradicting_the_others_is_doubted_until_it_agrees_again()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var (peers, subject) = await MeshAsync(bench, 5);
        var other = await bench.JoinAsync("other");
        var (liar, honest) = (peers[0], peers[1..]);
        var sequence = 1;
        async Task RoundAsync(TrustTier says)
        {
            foreach (var peer in honest) await bench.TakeAsync(peer, bench.Word(peer, subject, sequence * 2), bench.Word(peer, other, sequence * 2 + 1));
            bench.Time.Advance(TimeSpan.FromSeconds(10));
            await bench.TakeAsync(liar, bench.Word(liar, subject, sequence * 2, says), bench.Word(liar, other, sequence * 2 + 1, says));
            bench.Time.Advance(TimeSpan.FromSeconds(10));
            sequence++;
        }
        await RoundAsync(TrustTier.Affirming);
        await RoundAsync(TrustTier.Contraindicated);
        Assert.False(bench.Edges.IsDoubted(liar));
        await RoundAsync(TrustTier.Contraindicated);
        Assert.True(bench.Edges.IsDoubted(liar));
        Assert.Single((await bench.StateAsync(liar)).Timeline, line => line.Kind == EventKind.Alarm && line.Text.Contains("doubted", StringComparison.Ordinal));
        // Its word and that of one other are not two.
        await AccuseAsync(bench, honest[0], subject, 100);
        Assert.Equal(Standing.Active, (await bench.StateAsync(subject)).Standing);
        await bench.TakeAsync(honest[0], bench.Word(honest[0], subject, 101));
        sequence = 51;
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 4 && bench.Edges.IsDoubted(liar); i++) await RoundAsync(TrustTier.Affirming);
        Assert.False(bench.Edges.IsDoubted(liar));
        Assert.All(honest, peer => Assert.False(bench.Edges.IsDoubted(peer)));
        // Stored, not only remembered.
        Assert.False((await bench.Ledger.ReadAsync(liar, default))!.Value.Record.Doubted);
    }

    [Fact]
    public async Task A36_Who_sees_a_change_first_is_not_taken_for_a_liar()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 3);
        var (peers, subject) = await MeshAsync(bench, 5);
        var other = await bench.JoinAsync("other");
        var sequence = 1;
        for (var round = 0; round < 6; round++)
        {
            foreach (var (peer, i) in peers.Select((peer, i) => (peer, i)))
            {
                // Both devices change right before peer 0 looks in the third round.
                var says = round >= 3 ? TrustTier.Contraindicated : TrustTier.Affirming;
                await bench.TakeAsync(peer, bench.Word(peer, subject, sequence, says), bench.Word(peer, other, sequence + 1, says));
                bench.Time.Advance(TimeSpan.FromSeconds(2));
            }
            sequence += 2;
        }
        Assert.All(peers, peer => Assert.False(bench.Edges.IsDoubted(peer)));
        Assert.Equal(Standing.Suspended, (await bench.StateAsync(subject)).Standing);
        Assert.Equal(Standing.Suspended, (await bench.StateAsync(other)).Standing);
    }

    private static async Task<(DeviceId[] Peers, DeviceId Subject)> MeshAsync(PeerBench bench, int count)
    {
        var peers = new DeviceId[count];
        for (var i = 0; i < count; i++) peers[i] = await bench.JoinAsync($"peer-{i}");
        return (peers, await bench.JoinAsync("subject"));
    }

    private static Task<long> AccuseAsync(PeerBench bench, DeviceId issuer, DeviceId subject, long sequence)
        => bench.TakeAsync(issuer, bench.Word(issuer, subject, sequence, TrustTier.Contraindicated));
}
