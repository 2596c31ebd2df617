using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Peers;

public sealed class PeerLedgerTests
{
    [Fact]
    public async Task Verdicts_are_taken_in_order_each_once()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        Assert.Equal(1, await bench.TakeAsync(a));
        Assert.Equal(3, await bench.TakeAsync(a, bench.Word(a, b, 1), bench.Word(a, b, 2)));
        // The answer was lost: the device sends them again, with a third.
        Assert.Equal(4, await bench.TakeAsync(a, bench.Word(a, b, 1), bench.Word(a, b, 2), bench.Word(a, b, 3)));
        Assert.Equal(4, await bench.TakeAsync(a, bench.Word(a, b, 2)));
        var (record, version) = (await bench.Ledger.ReadAsync(a, default))!.Value;
        Assert.Equal([1L, 2L, 3L], record.Edge(b)!.Rounds.Select(round => round.Sequence));
        // What was there already cost no write.
        Assert.Equal(2, version);
    }

    [Fact]
    public async Task An_edge_keeps_its_last_signed_verdict_and_twenty_rounds()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        var words = Enumerable.Range(1, 30).Select(i => bench.Word(a, b, i, at: bench.Time.GetUtcNow().AddSeconds(i))).ToList();
        await bench.TakeAsync(a, words);
        await bench.RestartAsync();
        var edge = (await bench.Ledger.ReadAsync(a, default))!.Value.Record.Edge(b)!;
        Assert.Equal(words[^1].Signed.ToArray(), edge.Signed.ToArray());
        Assert.Equal(Enumerable.Range(11, 20).Select(i => (long)i), edge.Rounds.Select(round => round.Sequence));
        Assert.Equal(words[0].Verdict.IssuedAt, edge.Since.ToUnixTimeSeconds());
        Assert.Equal(words[0].Signed.ToArray(), edge.Change.ToArray());
        Assert.Equal(edge.IssuedAt, bench.Edges.Find(a, b)!.IssuedAt);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_write_that_fails_loses_nothing_and_repeats_nothing(bool persisted)
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        await bench.TakeAsync(a, bench.Word(a, b, 1));
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        var bad = bench.Word(a, b, 2, TrustTier.Contraindicated);
        bench.Records.Fail(1, persisted);
        await Assert.ThrowsAsync<IOException>(() => bench.TakeAsync(a, bad));
        Assert.Equal(TrustTier.Affirming, bench.Edges.Find(a, b)!.Status);
        if (persisted) await bench.RestartAsync();
        Assert.Equal(3, await bench.TakeAsync(a, bad));
        Assert.Equal(TrustTier.Contraindicated, bench.Edges.Find(a, b)!.Status);
        Assert.Equal(2, (await bench.Ledger.ReadAsync(a, default))!.Value.Record.Edge(b)!.Rounds.Length);
        var line = Assert.Single((await bench.StateAsync(b)).Timeline, line => line.Kind == EventKind.Peer);
        Assert.Equal("a judges: contraindicated: /etc/sensor.conf: expected sha256 aa, got sha256 bb", line.Text);
        Assert.Equal((bad.Verdict.IssuedAt, "peers"), (line.At.ToUnixTimeSeconds(), line.Actor));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_timeline_that_can_not_be_written_is_written_by_the_next_try(bool persisted)
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        var bad = bench.Word(a, b, 1, TrustTier.Contraindicated);
        bench.Twins.FailPersisted = persisted;
        await Assert.ThrowsAsync<IOException>(() => bench.TakeAsync(a, bad));
        Assert.Null(await bench.Ledger.ReadAsync(a, default));
        Assert.Equal(2, await bench.TakeAsync(a, bad));
        Assert.Single((await bench.StateAsync(b)).Timeline, line => line.Kind == EventKind.Peer);
    }

    [Fact]
    public async Task Of_two_uploads_at_once_the_slower_brings_only_what_is_new()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        var words = Enumerable.Range(1, 3).Select(i => bench.Word(a, b, i)).ToList();
        bench.Records.Meanwhile = async () => Assert.Equal(3, await bench.TakeAsync(a, words[..2]));
        Assert.Equal(4, await bench.TakeAsync(a, words));
        Assert.Equal([1L, 2L, 3L], (await bench.Ledger.ReadAsync(a, default))!.Value.Record.Edge(b)!.Rounds.Select(round => round.Sequence));
    }

    [Fact]
    public async Task What_the_device_dropped_is_told_and_what_it_does_not_account_for_is_an_alarm()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        Assert.Equal(5, await bench.TakeAsync(a, 0, Enumerable.Range(1, 4).Select(i => bench.Word(a, b, i)).ToList()));
        Assert.Equal(18, await bench.TakeAsync(a, 12, bench.Word(a, b, 17)));
        Assert.Equal(20, await bench.TakeAsync(a, 12, bench.Word(a, b, 19)));
        var lines = (await bench.StateAsync(a)).Timeline.Where(line => line.Kind is EventKind.Peer or EventKind.Alarm).Select(line => $"{line.Kind} {line.Text}");
        Assert.Equal(["Peer 12 verdicts were dropped on the device: 5 to 16", "Alarm 1 verdict never came, and the device does not say it dropped so many: 18"], lines);
    }

    [Fact]
    public async Task A_device_that_enrolled_anew_counts_anew()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        await bench.TakeAsync(a, bench.Word(a, b, 1), bench.Word(a, b, 2));
        bench.Renew(a);
        Assert.Equal(1, await bench.TakeAsync(a));
        Assert.Equal(2, await bench.TakeAsync(a, bench.Word(a, b, 1)));
    }

    [Fact]
    public async Task Verdicts_of_an_outage_stand_in_the_timeline_at_their_own_time()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 0);
        var (a, b, c) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"), await bench.JoinAsync("c"));
        var start = bench.Time.GetUtcNow();
        bench.Time.Advance(TimeSpan.FromHours(2));
        await bench.DecideAsync(c, Standing.Suspended);
        await bench.TakeAsync(a, bench.Word(a, c, 1, at: start.AddMinutes(10)), bench.Word(a, c, 2, TrustTier.Contraindicated, start.AddMinutes(20)), bench.Word(a, c, 3, at: start.AddMinutes(60)));
        await bench.TakeAsync(b, bench.Word(b, c, 1, at: start.AddMinutes(12)), bench.Word(b, c, 2, TrustTier.Contraindicated, start.AddMinutes(22)));
        var timeline = (await bench.StateAsync(c)).Timeline;
        Assert.Equal(timeline.OrderBy(line => line.At), timeline);
        Assert.Equal(["enrolled", "a judges: contraindicated", "b judges: contraindicated", "a judges: affirming", "suspended"],
            timeline.Select(line => line.Kind == EventKind.Peer ? line.Text.Split(": /")[0] : EventKinds.Text(line.Kind)));
    }

    [Fact]
    public async Task A42_A_peer_that_changes_its_mind_all_the_time_hides_nothing()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        await bench.DecideAsync(b, Standing.Suspended);
        for (var i = 0; i < 10; i++)
        {
            await bench.TakeAsync(a, Enumerable.Range(1 + i * 40, 40).Select(n => bench.Word(a, b, n, n % 2 == 0 ? TrustTier.Affirming : TrustTier.Contraindicated, bench.Time.GetUtcNow().AddSeconds(n))).ToList());
        }
        var timeline = (await bench.StateAsync(b)).Timeline;
        Assert.Equal(TwinTransition.PeerLines, timeline.Count(line => line.Kind == EventKind.Peer));
        Assert.Contains(timeline, line => line.Kind == EventKind.Suspended);
        Assert.Contains(timeline, line => line.Kind == EventKind.Enrolled);
    }

    [Fact]
    public async Task A42_A_device_that_leaves_out_verdicts_all_the_time_does_not_push_out_what_was_decided_about_it()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        await bench.DecideAsync(a, Standing.Suspended);
        await bench.DecideAsync(a, Standing.Active, resume: true);
        for (var i = 0; i < 20; i++)
            await bench.TakeAsync(a, Enumerable.Range(0, 8).Select(n => bench.Word(a, b, 2 + (i * 8 + n) * 2, at: bench.Time.GetUtcNow().AddSeconds(i * 8 + n))).ToList());
        var timeline = (await bench.StateAsync(a)).Timeline;
        Assert.Equal(TwinTransition.PeerLines, timeline.Count(line => line.Kind == EventKind.Alarm));
        Assert.Contains(timeline, line => line.Kind == EventKind.Suspended);
        Assert.Contains(timeline, line => line.Kind == EventKind.Resumed);
    }

    [Fact]
    public async Task A42_Edges_of_one_issuer_are_bounded_and_the_oldest_go()
    {
        await using var bench = await PeerBench.OpenAsync();
        var a = await bench.JoinAsync("a");
        var others = new List<DeviceId>();
        for (var i = 0; i < 70; i++) others.Add(await bench.JoinAsync($"b-{i}"));
        var snapshot = bench.Feed.Snapshot().Sequence;
        await bench.TakeAsync(a, others.Select((other, i) => bench.Word(a, other, i + 1, at: bench.Time.GetUtcNow().AddSeconds(i))).ToList());
        Assert.Equal(others.Skip(6), bench.Edges.From(a).Select(edge => edge.Subject));
        Assert.Equal(64, bench.Feed.Delta(snapshot)!.Edges.Count);
        // A day after its last verdict has expired an edge is forgotten, and readers are told.
        bench.Time.Advance(TimeSpan.FromDays(2));
        var before = bench.Feed.Graph.Last;
        await bench.TakeAsync(a, bench.Word(a, others[69], 71));
        var delta = bench.Feed.Delta(before)!;
        Assert.Equal(others[69].Text, Assert.Single(delta.Edges).To);
        Assert.Equal(others.Skip(6).Take(63).Select(other => $"{a.Text}>{other.Text}").Order(), delta.RemovedEdges!.Order());
        Assert.Empty(bench.Edges.About(others[10]));
    }

    [Fact]
    public async Task Edges_are_in_the_graph_and_each_change_of_them_in_one_delta()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        var stranger = DeviceId.FromRootKey("a stranger"u8);
        var before = bench.Feed.Graph.Last;
        await bench.TakeAsync(a, bench.Word(a, b, 1), bench.Word(a, stranger, 2));
        await bench.TakeAsync(a, bench.Word(a, b, 3, TrustTier.Contraindicated));
        // An edge to a device that is not of this mesh is kept and not drawn.
        var edge = Assert.Single(bench.Feed.Snapshot().Edges);
        Assert.Equal((a.Text, b.Text, "contraindicated", true), (edge.From, edge.To, edge.Status, edge.Fresh));
        Assert.Equal(bench.Time.GetUtcNow().AddSeconds(600), edge.ExpiresAt);
        Assert.Equal(edge, Assert.Single(bench.Feed.Delta(before)!.Edges));
        bench.Time.Advance(TimeSpan.FromSeconds(601));
        Assert.False(Assert.Single(bench.Feed.Snapshot().Edges).Fresh);
    }

    [Fact]
    public async Task A43_A_record_that_can_not_be_read_isolates_its_issuer_and_nobody_else()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b, c) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"), await bench.JoinAsync("c"));
        await bench.TakeAsync(a, bench.Word(a, c, 1));
        await bench.TakeAsync(b, bench.Word(b, c, 1));
        await bench.Records.WriteAsync("peers", a.Text, 1, new byte[] { 0, 0xff }, default);
        await bench.Records.WriteAsync("peers", "no id", 0, new byte[] { 0, 0xff }, default);
        var isolated = new List<DeviceId>();
        await bench.RestartAsync((issuer, _) => isolated.Add(issuer));
        Assert.Equal([a], isolated);
        Assert.Equal([a], bench.Edges.Unreadable.Keys);
        await Assert.ThrowsAsync<UnreadableIssuerException>(() => bench.TakeAsync(a, bench.Word(a, c, 2)));
        Assert.Equal(3, await bench.TakeAsync(b, bench.Word(b, c, 2)));
        Assert.Equal(b, Assert.Single(bench.Edges.About(c)).Issuer);
    }

    [Fact]
    public async Task A43_A_device_whose_row_can_not_be_read_holds_up_no_word_about_others()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b, c) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"), await bench.JoinAsync("c"));
        await bench.Twins.SaveAsync(new(b, (await bench.StateAsync(b)).Version, new byte[] { 0, 0xff }, null, null), default);
        VerifiedPeerVerdict[] words = [bench.Word(a, b, 1, TrustTier.Contraindicated), bench.Word(a, c, 2, TrustTier.Contraindicated)];
        // The twin finds out that somebody else wrote its row: the device sends again.
        await Assert.ThrowsAsync<StaleTwinException>(() => bench.TakeAsync(a, words));
        Assert.Equal(3, await bench.TakeAsync(a, words));
        Assert.Single((await bench.StateAsync(c)).Timeline, line => line.Kind == EventKind.Peer);
    }

    [Fact]
    public async Task A_record_cut_anywhere_is_refused_and_one_that_is_whole_reads_back()
    {
        await using var bench = await PeerBench.OpenAsync();
        var (a, b) = (await bench.JoinAsync("a"), await bench.JoinAsync("b"));
        await bench.TakeAsync(a, 7, bench.Word(a, b, 8, TrustTier.Contraindicated), bench.Word(a, b, 9));
        var bytes = IssuerRecordCodec.Encode((await bench.Ledger.ReadAsync(a, default))!.Value.Record);
        Assert.Equal(bytes, IssuerRecordCodec.Encode(IssuerRecordCodec.Decode(bytes)));
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes.AsMemory(0, length);
            Assert.Throws<WireException>(() => IssuerRecordCodec.Decode(cut));
        }
    }
}
