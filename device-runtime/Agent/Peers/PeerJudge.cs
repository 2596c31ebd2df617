using TrustMesh.Agent.Statements;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// Judges a peer whose membership is good. In this order:
/// <list type="number">
/// <item>the status list is young enough to judge by (<c>status.current</c>, A35); else whatever follows the status is none</item>
/// <item>the peer is neither revoked nor suspended, and the list knows it (<c>status.list</c>)</item>
/// <item>its evidence is authentic and answers this end's question over this channel, and is appraised (<see cref="EvidenceVerifier"/>)</item>
/// </list>
/// Evidence that is not authentic says nothing about the peer: its status is none, whatever failed, so that nobody in between can frame an honest
/// device (A36). Times are those of <see cref="MeshStatements.Now"/>. Thread-safe.
/// </summary>
public sealed class PeerJudge(DeviceId self, MeshStatements statements, PeerHistory history)
{
    /// <summary>How long a verdict stands while no policy says so.</summary>
    private static readonly TimeSpan UnruledLifetime = TimeSpan.FromMinutes(5);

    /// <summary>What two machines with one identity lead to, and a TPM state that was put back, where nothing else is wrong (A20, A48); and what comes
    /// with it, for their logs differ.</summary>
    private static readonly string[] Continuity = ["session.superseded", "counter.reset", "counter.restart", "clock.back"], Followers = ["log.from"];

    private readonly EvidenceVerifier verifier = new();

    /// <param name="before">What was known of it when this end's nonce was sent.</param>
    /// <param name="nonceAge">From this end's nonce to the evidence.</param>
    public PeerJudgement Judge(PeerMember member, AttesterState before, PeerLink link, PeerSubmission submission, TimeSpan nonceAge)
    {
        var (policy, reference, now) = (statements.Policy, statements.ReferenceFor(member.Membership.Model), statements.Now);
        var standing = Standing(member.Membership, now);
        var result = verifier.Verify(submission.Evidence, submission.Leaf, link.TheirSpki, member.Enrolled, before, policy, reference, now);
        var thumbprint = new byte[Caps.Hash];
        KeyThumbprint.TryOfSpki(link.TheirSpki.Span, thumbprint);
        if (result.Verified is { } verified) history.Continue(verified);
        var alarm = result.Verified is null ? WentBack(result.Findings) : null;
        var verdict = result.Verified?.Verdict;
        return new(member, Verdict(member.Membership, now, Conclude(standing, verdict?.Status), [.. standing, .. result.Findings]) with
        {
            Transcript = submission.Leaf.Nonce,
            Vector = verdict?.Vector ?? new Dictionary<int, int>(),
            ReferenceSerial = reference?.Values.Serial ?? 0,
            Boot = result.Verified?.After.Boot ?? 0,
            SubjectKey = thumbprint,
            NonceAgeMs = (long)nonceAge.TotalMilliseconds,
        }, result.Verified is not null || alarm is not null, alarm) { Shown = result.Verified?.After };
    }

    /// <summary>What the status list alone says of a member: a judgement where it speaks against it (and there is nothing it could say to change that),
    /// null where evidence decides.</summary>
    public PeerJudgement? Refused(PeerMember member)
    {
        var now = statements.Now;
        var standing = Standing(member.Membership, now);
        return standing.Exists(finding => finding.Outcome == Outcome.Fail)
            ? new(member, Verdict(member.Membership, now, Conclude(standing, null), standing), Authentic: false, Alarm: null)
            : null;
    }

    /// <summary>None, for a reason that is not in the peer: it was not reached, or this device can not judge.</summary>
    public PeerJudgement Unknown(DeviceId device, PeerMember? member, AssuranceTier tier, Finding because)
    {
        var now = statements.Now;
        var verdict = member is not null ? Verdict(member.Membership, now, TrustTier.None, [because]) : Verdict(device, tier, now, long.MaxValue, TrustTier.None, [because]);
        return new(member, verdict, Authentic: false, Alarm: null);
    }

    /// <summary>Why peers can not be judged now, in words; null if they can.</summary>
    public string? NotCurrent(DateTimeOffset now)
        => statements.IsCurrent(now) ? null
            : statements.Status is not { } list ? "none"
            : statements.Policy is null ? "no policy that says how old it may be"
            : $"#{list.Value.Serial} of {DateTimeOffset.FromUnixTimeSeconds(list.Value.IssuedAt):yyyy-MM-dd HH:mm}Z";

    private List<Finding> Standing(Membership member, DateTimeOffset now)
        => [NotCurrent(now) is { } got ? PeerFindings.NotCurrent(got) : PeerFindings.IsCurrent, PeerFindings.Standing(statements.StatusOf(member))];

    /// <summary>The finding that counters or clock went back, if that is all that is wrong: the right key signed for this very connection.</summary>
    private static Finding? WentBack(IReadOnlyList<Finding> findings)
    {
        var failed = findings.Where(finding => finding.Outcome == Outcome.Fail).ToList();
        return failed.TrueForAll(finding => Continuity.Contains(finding.Check) || Followers.Contains(finding.Check)) ? failed.Find(finding => Continuity.Contains(finding.Check)) : null;
    }

    /// <summary>Revoked is revoked, and needs no evidence. Else none unless everything could be answered.</summary>
    private static TrustTier Conclude(List<Finding> standing, TrustTier? appraised)
    {
        if (standing.Exists(finding => finding.Outcome == Outcome.Fail)) return TrustTier.Contraindicated;
        if (appraised is not { } status || standing.Exists(finding => finding.Outcome != Outcome.Pass)) return TrustTier.None;
        return status;
    }

    private PeerVerdict Verdict(Membership member, DateTimeOffset now, TrustTier status, IReadOnlyList<Finding> findings)
        => Verdict(member.Device, member.Tier, now, member.ExpiresAt, status, findings);

    private PeerVerdict Verdict(DeviceId device, AssuranceTier tier, DateTimeOffset now, long memberUntil, TrustTier status, IReadOnlyList<Finding> findings)
    {
        var (policy, list) = (statements.Policy?.Policy, statements.Status?.Value);
        var issued = now.ToUnixTimeSeconds();
        var until = issued + (policy?.LifetimeSeconds ?? (long)UnruledLifetime.TotalSeconds);
        // A verdict never outlives what it rests on; one that says nothing good does not rest on it.
        if (status is TrustTier.Affirming or TrustTier.Warning) until = Math.Min(until, Math.Min(memberUntil, statements.CurrentUntil?.ToUnixTimeSeconds() ?? issued));
        return new(self, 0, new byte[Caps.Hash], device, tier, status, new Dictionary<int, int>(), policy?.Id ?? "", policy?.Serial ?? 0, 0, list?.Serial ?? 0, 0, new byte[Caps.Hash], 0,
            findings.Count(finding => finding.Outcome == Outcome.Pass), PeerFindings.Fit(findings), issued, Math.Clamp(until, issued, Caps.LatestTime));
    }
}
