using System.Net;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Identity;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>Where a judgement becomes a verdict: numbered, signed and kept by <paramref name="record"/> first, then in the book, then in the log. Thread-safe.</summary>
/// <param name="record">Gives the verdict its sequence, signs it with the session key and keeps it; returns the COSE_Sign1. Throws <see cref="IOException"/>.</param>
public sealed class PeerLedger(PeerBook book, Func<Func<long, PeerVerdict>, SessionKey, byte[]> record, Repetitions repetitions, ILogger log)
{
    /// <summary>An identity that two machines have (A48): the peer, and the finding that says so. On the thread that found out; handlers must be quick.</summary>
    public event Action<KnownPeer, Finding>? Alarmed;

    /// <summary>Keeps a judgement and returns it as a signed verdict. Throws <see cref="IOException"/>, and then nothing has changed.</summary>
    /// <param name="seenAt">The address it was spoken with at; null if it was not.</param>
    /// <param name="address">The address that was dialled, <c>host:port</c>; null if the peer dialled.</param>
    public byte[] Conclude(PeerJudgement judgement, SessionKey session, IPAddress? seenAt, string? address)
    {
        var verdict = judgement.Verdict;
        var signed = record(sequence => verdict with { Sequence = sequence }, session);
        KnownPeer? known = null;
        var now = book.Update(verdict.Subject, before => After(known = before, judgement, seenAt, address));
        Tell(known, now, judgement);
        if (judgement.Alarm is { } alarm)
        {
            log.Alarm(Name(now), alarm.Check, alarm.Expected, alarm.Got);
            Alarmed?.Invoke(now, alarm);
        }
        return signed;
    }

    /// <summary>The book says so already: of a peer that is refused for its standing alone, one verdict is enough.</summary>
    public bool Holds(PeerJudgement judgement)
        => book.Find(judgement.Verdict.Subject) is { } known && known.Status == judgement.Verdict.Status && known.Because.Select(finding => finding.Check).SequenceEqual(judgement.Verdict.Because.Select(finding => finding.Check));

    public void Failed(string problem) => log.Failed(problem);

    public void NotTaken(DeviceId from, string problem)
    {
        // By device alone: what is wrong can be worded anew each time by whoever sends it, and a stranger may hold a membership (A42).
        if (repetitions.Again(from.Text, nameof(NotTaken)) is { } again) log.NotTaken(book.Find(from) is { } peer ? Name(peer) : from.Short + "…", problem, again);
    }

    /// <summary>How the log names a peer.</summary>
    public static string Name(KnownPeer peer) => peer.Name.Length > 0 ? $"{peer.Name} ({peer.Device.Short}…)" : peer.Device.Short + "…";

    private static KnownPeer After(KnownPeer? before, PeerJudgement judgement, IPAddress? seenAt, string? address)
    {
        var (verdict, member) = (judgement.Verdict, judgement.Member?.Membership);
        // Handshakes overlap: what was signed earlier and arrives later does not replace newer knowledge while that counts.
        if (before is { Basis: { } basis, ExpiresAt: { } until } && until.ToUnixTimeSeconds() > verdict.IssuedAt && judgement.Basis.IsBefore(basis)) return before;
        return new(verdict.Subject, member?.Name ?? before?.Name ?? "", member?.Site ?? before?.Site ?? "", member?.Model ?? before?.Model ?? "", before?.Assigned ?? false,
            // An assignment's word on addresses counts; of a peer that was only met, the one that worked.
            before is { Addresses.Count: > 0 } ? before.Addresses : address is null ? [] : [address],
            judgement.Authentic && seenAt is not null ? seenAt : before?.SeenAt,
            verdict.Tier, verdict.Status, DateTimeOffset.FromUnixTimeSeconds(verdict.IssuedAt), DateTimeOffset.FromUnixTimeSeconds(verdict.ExpiresAt), verdict.Because, verdict.Passed, verdict.NonceAgeMs) { Basis = judgement.Basis };
    }

    private void Tell(KnownPeer? before, KnownPeer now, PeerJudgement judgement)
    {
        var status = Word(now.Status);
        if (before?.Status == now.Status && before.Because.Select(finding => finding.Check).SequenceEqual(now.Because.Select(finding => finding.Check))) log.JudgedAgain(Name(now), status, now.ExpiresAt ?? default);
        else if (judgement.IsAccepted) log.Judged(Name(now), status, now.ExpiresAt ?? default, judgement.Because);
        else log.JudgedBad(Name(now), status, judgement.Because);
    }

    private static string Word(TrustTier status) => status switch
    {
        TrustTier.Affirming => "affirming",
        TrustTier.Warning => "warning",
        TrustTier.Contraindicated => "contraindicated",
        _ => "unknown",
    };
}
