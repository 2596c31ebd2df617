using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Attacks;

/// <summary>A22: a verdict that is used after its time. A21 for peers: the log's longest prefix counts.</summary>
public sealed class A22PeerTests : IDisposable
{
    private readonly PeerMesh mesh = new();
    private readonly MeshDevice a, b;

    public A22PeerTests() => (a, b) = (new(mesh, "press-1"), new(mesh, "press-2"));

    [Fact]
    public async Task A22_A_verdict_says_by_whom_about_whom_under_what_and_until_when()
    {
        var pair = new HandshakePair(a, b);
        await pair.AcceptsAsync();
        var verdict = pair.I.Handshake.TheirVerdict!;
        Assert.Equal((b.Id, a.Id, "default", 1L, 1L, 1L, a.Root.Boot), (verdict.Issuer, verdict.Subject, verdict.PolicyId, verdict.PolicySerial, verdict.ReferenceSerial, verdict.StatusSerial, verdict.Boot));
        Assert.Equal(pair.R.Handshake.Transcript.ToArray(), verdict.Transcript.ToArray());
    }

    [Fact]
    public void A22_A_verdict_stops_counting_by_itself()
    {
        var now = DateTimeOffset.UtcNow;
        var peer = new KnownPeer(a.Id, "press-1", "oslo", "press", true, [], null, AssuranceTier.TpmQuote, TrustTier.Affirming, now, now.AddSeconds(60), [], 20, 5);
        Assert.True(peer.IsAccepted(now.AddSeconds(59)));
        Assert.False(peer.IsAccepted(now.AddSeconds(60)));
    }

    [Fact]
    public async Task A22_A_verdict_never_outlives_the_membership_it_rests_on()
    {
        var pair = new HandshakePair(a, b);
        var until = mesh.Time.GetUtcNow().ToUnixTimeSeconds() + 100;
        pair.I.Facts = facts => facts with { Membership = mesh.MembershipOf(a.Id, member => member with { ExpiresAt = until }) };
        await pair.AcceptsAsync();
        Assert.Equal(until, pair.I.Handshake.TheirVerdict!.ExpiresAt);
    }

    [Fact]
    public async Task A22_A_membership_that_has_expired_is_none_even_if_it_was_seen_before()
    {
        await new HandshakePair(a, b).AcceptsAsync();
        var pair = new HandshakePair(a, b);
        pair.I.Facts = facts => facts with { Membership = mesh.MembershipOf(a.Id, member => member with { ExpiresAt = mesh.Time.GetUtcNow().ToUnixTimeSeconds() - 1 }) };
        await pair.RunAsync();
        Assert.Contains("statement.dates", pair.R.Last.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, 600, 0, 27)]
    [InlineData(30, 600, 1, 30)]
    [InlineData(600, 60, 1, 42)]
    public void A22_The_next_round_comes_well_before_a_verdict_ends(double interval, double lifetime, double draw, double due)
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        var wait = (PeerTiming.AfterVerdict(now, TimeSpan.FromSeconds(interval), now.AddSeconds(lifetime), draw) - now).TotalSeconds;
        Assert.Equal(due, wait, 3);
    }

    [Fact]
    public void A42_A_verdict_that_ends_at_once_makes_no_storm_of_rounds()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        Assert.Equal(0.2, (PeerTiming.AfterVerdict(now, TimeSpan.FromSeconds(30), now.AddSeconds(0.1), 1) - now).TotalSeconds, 3);
    }

    [Fact]
    public void An_unreachable_peer_is_called_less_and_less_often_but_never_less_than_at_the_interval()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        var waits = Enumerable.Range(1, 12).Select(failures => PeerTiming.AfterFailure(now, TimeSpan.FromSeconds(30), failures, 0.999) - now).ToList();
        Assert.True(waits[0] < TimeSpan.FromSeconds(1));
        Assert.Equal(waits.Order(), waits);
        Assert.All(waits, wait => Assert.True(wait <= TimeSpan.FromSeconds(30)));
    }

    /// <summary>A log that does not lead to the signed value says nothing good; the next round asks for all of it, and mends it.</summary>
    [Fact]
    public async Task A21_A_peer_whose_log_does_not_replay_is_contraindicated_until_it_brings_the_whole_of_it()
    {
        await new HandshakePair(a, b).AcceptsAsync();
        a.Measure("/etc/pump.conf.new", "x");
        var cut = new HandshakePair(a, b);
        await cut.RunAsync((n, bytes) => n != 3 ? bytes : Shortened(bytes));
        Assert.Equal((HandshakeEnd.Declined, TrustTier.Contraindicated), (cut.R.Last.End, cut.R.Judgement!.Verdict.Status));
        Assert.Contains(cut.R.Judgement.Verdict.Because, finding => finding is { Check: "log.replay", Outcome: Outcome.Fail });
        var whole = new HandshakePair(a, b);
        await whole.RunAsync();
        Assert.Equal(0, Evidence.Decode(PeerProof.Decode(whole.Sent[2]).Evidence).Log.From);
        Assert.DoesNotContain(whole.R.Judgement!.Verdict.Because, finding => finding.Check.StartsWith("log.", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
        mesh.Dispose();
    }

    private static byte[] Shortened(byte[] proof)
    {
        var read = PeerProof.Decode(proof);
        var evidence = Evidence.Decode(read.Evidence);
        return (read with { Evidence = (evidence with { Log = evidence.Log with { Entries = [] } }).Encode() }).Encode();
    }
}
