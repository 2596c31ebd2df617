using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>Two handshakes with one peer overlap; their evidence is judged in another order than it was signed.</summary>
public sealed class OverlappingVerdictTests : IDisposable
{
    private readonly PeerMesh mesh = new();
    private readonly MeshDevice judge, peer;
    private readonly PeerLedger ledger;

    public OverlappingVerdictTests()
    {
        (judge, peer) = (new(mesh, "press-1"), new(mesh, "press-2"));
        ledger = new(judge.Book, new PeerRecord().Keep, new(mesh.Time), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
    }

    [Fact]
    public async Task A22_Evidence_from_before_a_tampering_that_arrives_after_evidence_of_it_does_not_replace_the_newer_verdict()
    {
        var (older, newer) = await OverlapAsync();
        Assert.Equal(TrustTier.Contraindicated, Held(newer).Status);
        var held = Held(older);
        Assert.Equal(TrustTier.Contraindicated, held.Status);
        Assert.Contains(held.Because, finding => finding.Check == "file.digest");
    }

    [Fact]
    public async Task In_the_order_in_which_it_was_signed_each_verdict_counts()
    {
        var (older, newer) = await OverlapAsync();
        Assert.Equal(TrustTier.Warning, Held(older).Status);
        Assert.Equal(TrustTier.Contraindicated, Held(newer).Status);
        peer.Measure(MeshDevice.ConfigFile, MeshDevice.GoodConfig);
        var again = new HandshakePair(judge, peer);
        await again.AcceptsAsync();
        Assert.Equal(TrustTier.Warning, Held(again.I.Judgement!).Status);
    }

    [Fact]
    public async Task An_older_verdict_counts_again_once_the_newer_one_expired_or_is_of_another_enrolment()
    {
        var (older, newer) = await OverlapAsync();
        Held(newer);
        var late = older with { Verdict = older.Verdict with { IssuedAt = newer.Verdict.ExpiresAt, ExpiresAt = newer.Verdict.ExpiresAt + 600 } };
        Assert.Equal(TrustTier.Warning, Held(late).Status);
        Held(newer with { Verdict = late.Verdict with { Status = TrustTier.Contraindicated } });
        var moved = older with { Member = older.Member! with { Membership = older.Member.Membership with { EnrolmentId = new byte[16] } } };
        Assert.Equal(TrustTier.Warning, Held(moved).Status);
    }

    [Fact]
    public async Task A35_A_verdict_made_under_an_older_status_list_does_not_replace_one_made_under_a_newer()
    {
        var (older, _) = await OverlapAsync();
        mesh.Revoke(peer.Id);
        judge.Statements.Offer(mesh.Published());
        Assert.Equal(TrustTier.Contraindicated, Held(judge.Judge.Refused(older.Member!)!).Status);
        Assert.Equal(TrustTier.Contraindicated, Held(older).Status);
    }

    public void Dispose()
    {
        judge.Dispose();
        peer.Dispose();
        mesh.Dispose();
    }

    private KnownPeer Held(PeerJudgement judgement)
    {
        ledger.Conclude(judgement, judge.Sessions.Current, null, null);
        return judge.Book.Find(peer.Id)!;
    }

    /// <summary>The older evidence is held on its way while the file changes and a whole handshake shows that.</summary>
    private async Task<(PeerJudgement Older, PeerJudgement Newer)> OverlapAsync()
    {
        var (first, second) = (new HandshakePair(judge, peer), new HandshakePair(judge, peer));
        await first.RunAsync((n, bytes) =>
        {
            if (n != 4) return bytes;
            peer.Measure(MeshDevice.ConfigFile, "speed=99\n");
            second.RunAsync().GetAwaiter().GetResult();
            return bytes;
        });
        Assert.Equal((TrustTier.Warning, TrustTier.Contraindicated), (first.I.Judgement!.Verdict.Status, second.I.Judgement!.Verdict.Status));
        return (first.I.Judgement, second.I.Judgement);
    }
}
