using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>What this device thinks of a peer, before it is numbered and signed.</summary>
/// <param name="Member">Null for a peer that was not reached and never met.</param>
/// <param name="Verdict">Sequence 0.</param>
/// <param name="Authentic">The peer itself said it: its key made the signature, for this connection.</param>
/// <param name="Alarm">A finding somebody has to look at: an identity that two machines have (A48).</param>
public sealed record PeerJudgement(PeerMember? Member, PeerVerdict Verdict, bool Authentic, Finding? Alarm)
{
    /// <summary>What authentic evidence established; null where there was none.</summary>
    public AttesterState? Shown { get; init; }

    public PeerBasis Basis => new(Verdict.StatusSerial, Member?.Membership.EnrolmentId ?? default, Shown);

    public bool IsAccepted => Verdict.Status is TrustTier.Affirming or TrustTier.Warning;

    /// <summary>The first reasons that are not a pass, failures before others, for a log line.</summary>
    public string Because => Verdict.Because.Count == 0 ? "everything passed" : string.Join("; ", Verdict.Because.OrderBy(finding => finding.Outcome != Outcome.Fail).Take(3).Select(finding => finding.Sentence));
}
