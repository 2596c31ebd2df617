using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Statements;
using TrustMesh.Roots;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// What changes about peers without any of them saying a word: the authority assigns, revokes and suspends, the status list grows old, a peer does not
/// answer. Thread-safe.
/// </summary>
internal sealed class PeerStanding(
    DeviceId self, MeshStatements statements, PeerBook book, PeerMembers members, PeerJudge judge, PeerLedger ledger, SessionKeys sessions, PeerSchedule schedule, TimeProvider time, ILogger log)
{
    private readonly Lock gate = new();
    private (long Policy, long Status, long References) seen;
    private long assigned = -1;
    private bool outOfGrace;

    /// <summary>Follows what the authority said last.</summary>
    public void Follow()
    {
        lock (gate)
        {
            Assign();
            Refuse();
            var now = (statements.Policy?.Policy.Serial ?? 0, statements.Status?.Value.Serial ?? 0, statements.References.Sum(one => one.Serial));
            // Everyone is judged anew by what is newer, and hears of it on the way: that is how a list spreads without a silo.
            if (now != seen) schedule.AllWithin(PeerTiming.Spread);
            seen = now;
        }
        Tick();
    }

    /// <summary>Beyond the grace period everyone is unknown (A35): what was good is none at once, and judged anew when that is over.</summary>
    public void Tick()
    {
        lock (gate)
        {
            var got = judge.NotCurrent(statements.Now);
            if (got is null == !outOfGrace) return;
            outOfGrace = got is not null;
            if (got is null) schedule.AllNow();
            else foreach (var peer in book.All.Where(peer => peer.Status is TrustTier.Affirming or TrustTier.Warning))
                Keep(judge.Unknown(peer.Device, members.Find(peer.Device), peer.Tier, PeerFindings.NotCurrent(got)));
        }
    }

    /// <summary>A peer did not answer, or not as one. Said when it changes what is held true: a good verdict stands for a first failure, a bad one until it
    /// ends, and nothing is said twice.</summary>
    public void NoAnswer(KnownPeer before, string reason, int failures)
    {
        if (book.Find(before.Device) is not { } peer || before.JudgedAt != peer.JudgedAt) return;
        var stands = peer.ExpiresAt is { } until && time.GetUtcNow() < until;
        if (stands && peer.Status == TrustTier.Contraindicated || peer.IsAccepted(time.GetUtcNow()) && failures < PeerNode.Patience) return;
        // Where it came from is no promise that it listens there.
        if (peer.Addresses.Count == 0 || peer.Because is [{ Check: PeerFindings.Reached }]) return;
        log.NoAnswer(PeerLedger.Name(peer), reason);
        Keep(judge.Unknown(peer.Device, members.Find(peer.Device), peer.Tier, PeerFindings.Unreached(reason)));
    }

    private void Assign()
    {
        if (statements.Peers?.Value is not { } assignment || assignment.Serial == assigned) return;
        assigned = assignment.Serial;
        var peers = assignment.Peers.Where(peer => peer.Device != self).ToList();
        foreach (var gone in book.All.Where(peer => peer.Assigned && !peers.Exists(one => one.Device == peer.Device)))
            book.Update(gone.Device, known => (known ?? gone) with { Assigned = false });
        foreach (var peer in peers)
        {
            var moved = book.Find(peer.Device) is not { Assigned: true } known || !known.Addresses.SequenceEqual(peer.Addresses);
            book.Update(peer.Device, known => known is null
                ? new(peer.Device, peer.Name, peer.Site, peer.Model, true, peer.Addresses, null, AssuranceTier.Software, TrustTier.None, null, null, [], 0, 0)
                : known with { Name = peer.Name, Site = peer.Site, Model = peer.Model, Assigned = true, Addresses = peer.Addresses });
            schedule.Add(peer.Device, time.GetUtcNow());
            if (moved) schedule.Now(peer.Device);
        }
    }

    /// <summary>Every peer that is put out now is refused now, and not only at its next examination.</summary>
    private void Refuse()
    {
        foreach (var peer in book.All)
        {
            if (members.Find(peer.Device) is not { } member) continue;
            if (judge.Refused(member) is { } refused)
            {
                if (!ledger.Holds(refused)) Keep(refused);
            }
            else if (peer.Because.Any(finding => finding is { Check: PeerFindings.Listed, Outcome: Outcome.Fail })) schedule.Now(peer.Device);
        }
    }

    private void Keep(PeerJudgement judgement)
    {
        try
        {
            ledger.Conclude(judgement, sessions.Current, null, null);
        }
        catch (Exception failed) when (failed is IOException or RootException)
        {
            log.Failed(failed.Message);
        }
    }
}
