using System.Collections.Immutable;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>
/// Every way a twin can change. Pure: state, verified input, now → step. It saves nothing, signs nothing and knows no clock; only
/// <see cref="VerifiedEvidence"/>, which the verifier alone can make, changes a verdict.
/// </summary>
public static partial class TwinTransition
{
    /// <summary>Refused evidence is noted at most this often per device, so that a flood of it cannot fill the store (attack A42).</summary>
    public static readonly TimeSpan RefusalInterval = TimeSpan.FromMinutes(1);

    internal const string LetIn = " and approved";

    /// <summary>
    /// A device whose root answered the enrolment challenge. The same again is no news; another attestation key of the same root, or a token that
    /// says something else of itself, replaces the record, leaves a trace, and never lifts a suspension or a revocation (attack A13). Until when the
    /// membership of the former one lasts is kept: while the device waits for approval, the status list takes that membership back.
    /// </summary>
    public static TwinStep Enrol(TwinState? before, Admission admission, DateTimeOffset now)
    {
        var enrolment = admission.Enrolment;
        if (before is null)
        {
            var standing = admission.Approved ? Standing.Active : Standing.Pending;
            var fresh = new TwinState(enrolment, standing, default, DateTimeOffset.UnixEpoch, null, AttesterState.None, null, false, [], 0);
            var joined = With(fresh, new TwinEvent(now, EventKind.Enrolled, Grammar.Fit($"joined{By(admission)}; {enrolment.Endorsement}"), TwinEvent.Device));
            return Ruled(Labelled(joined, admission, now), admission, now);
        }
        if (before.Enrolment.IsSame(enrolment.Root, enrolment.AttestationKey.Span, enrolment.Endorsement))
        {
            if (before.Standing != Standing.Pending || !admission.Approved) return TwinStep.Nothing(before);
            if (admission.Rule is not null) return Ruled(new(AdmittedBy(before, enrolment.AdmittedBy) with { Standing = Standing.Active }, [], true, null), admission, now);
            return With(AdmittedBy(before, enrolment.AdmittedBy) with { Standing = Standing.Active }, new TwinEvent(now, EventKind.Approved, Grammar.Fit($"approved by {enrolment.AdmittedBy}"), TwinEvent.Device));
        }
        var kept = before.Standing is Standing.Suspended or Standing.Revoked ? before.Standing : admission.Approved ? Standing.Active : Standing.Pending;
        var replaced = before with
        {
            Enrolment = enrolment with { StatusIndex = before.Enrolment.StatusIndex },
            Standing = kept, Membership = default, Verdict = null, Attester = AttesterState.None, Registers = [], Software = null, StaleNoted = false,
        };
        var news = before.Enrolment.AttestationKey.Span.SequenceEqual(enrolment.AttestationKey.Span)
            ? $"joined again{By(admission)}, with the same key, but now it is {enrolment.Endorsement}"
            : $"joined again{By(admission)}, with another attestation key; the old one is void";
        var step = With(replaced, new TwinEvent(now, EventKind.Enrolled, Grammar.Fit(news), TwinEvent.Device));
        return kept == Standing.Active ? Ruled(step, admission, now) : step;
    }

    /// <summary>A person's decision. Revocation is final.</summary>
    public static TwinStep Decide(TwinState before, StandingDecision decision, DateTimeOffset now)
    {
        if (decision.Expected is { } expected && expected != before.Version)
            return TwinStep.Nothing(before, $"The device has changed since version {expected}; look at it again and repeat the decision.");
        if (before.Standing == decision.To) return TwinStep.Nothing(before);
        EventKind? kind = (before.Standing, decision.To, decision.Resume) switch
        {
            (Standing.Pending, Standing.Active, false) => EventKind.Approved,
            (Standing.Suspended, Standing.Active, true) => EventKind.Resumed,
            (Standing.Active, Standing.Suspended, _) => EventKind.Suspended,
            (not Standing.Revoked, Standing.Revoked, _) => EventKind.Revoked,
            _ => null,
        };
        if (kind is not { } happened) return TwinStep.Nothing(before, $"A {Text(before.Standing)} device cannot become {Text(decision.To)} this way; {Fix(before.Standing)}");
        var after = before with { Standing = decision.To };
        if (decision.To == Standing.Active) after = AdmittedBy(after, $"approval by {decision.Actor}");
        if (decision.To != Standing.Active) after = after with { Membership = default, MembershipUntil = DateTimeOffset.UnixEpoch };
        return With(after, new TwinEvent(now, happened, Grammar.Fit(decision.Reason ?? ""), Grammar.Fit(decision.Actor)));
    }

    /// <summary>
    /// Authentic, fresh evidence. Throws <see cref="StaleTwinException"/> if it continues another state than this one, or another enrolment
    /// (attack A12): the device asks for a new challenge.
    /// </summary>
    public static TwinStep Accept(TwinState before, VerifiedEvidence evidence, DateTimeOffset now)
    {
        var enrolment = before.Enrolment;
        if (evidence.Device != enrolment.Device || !evidence.EnrolmentId.Span.SequenceEqual(enrolment.Id.Span) || !Continues(evidence.Before, before.Attester))
            throw new StaleTwinException(enrolment.Device, before.Version);
        if (before.Standing == Standing.Revoked) return TwinStep.Nothing(before);
        var verdict = evidence.Verdict;
        var software = Grammar.Fit($"{evidence.Claims.SoftwareName} {evidence.Claims.SoftwareVersion}");
        var after = before with { Verdict = verdict, Attester = evidence.After, Registers = Registers(before.Registers, evidence.Registers), Software = software, StaleNoted = false };
        var same = evidence.After.Boot == before.Attester.Boot && evidence.After.LogCount == before.Attester.LogCount && evidence.Appended.Count == 0;
        var log = same ? null : new LogAppend(evidence.After.Boot, evidence.After.LogCount - evidence.Appended.Count, evidence.Appended);
        var news = before.Verdict is not { } last || before.StaleNoted || last.Status != verdict.Status || VerdictLine.IsNews(last, verdict);
        return news
            ? With(after, log, new TwinEvent(now, EventKind.Verdict, VerdictLine.Text(before.Verdict, verdict), TwinEvent.Device))
            : new(after, [], true, log);
    }

    /// <summary>
    /// Evidence or verdicts of peers that were refused: a line in the timeline, rate-limited; nothing else changes. Evidence that is authentic
    /// in all but its counters, its clock or its session key, while the device is proven, is another machine with the same root (attack A48).
    /// </summary>
    public static TwinStep Refuse(TwinState before, IReadOnlyList<Finding> findings, DateTimeOffset now)
    {
        var cloned = before.IsFresh(now) && IsClone(findings);
        var kind = cloned ? EventKind.Alarm : EventKind.Refused;
        for (var i = before.Timeline.Length - 1; i >= 0 && now - before.Timeline[i].At < RefusalInterval; i--)
            if (before.Timeline[i].Kind == kind) return TwinStep.Nothing(before);
        var first = findings.FirstOrDefault(finding => finding.Outcome != Outcome.Pass);
        var why = first is null ? "" : $": {first.Sentence}";
        var what = cloned ? "two machines answer with this identity" : first is not null && IsOfPeers(first.Check) ? "verdicts on peers refused" : "evidence refused";
        return With(before, new TwinEvent(now, kind, Grammar.Fit(what + why), TwinEvent.Device));
    }

    /// <summary>The clock: a verdict that has run out is noted, at the time it ran out.</summary>
    public static TwinStep Expire(TwinState before, DateTimeOffset now)
    {
        if (before.DueAt is not { } due || now < due) return TwinStep.Nothing(before);
        return With(before with { StaleNoted = true }, new TwinEvent(due, EventKind.Stale, $"no new evidence since {before.Verdict!.IssuedAt:yyyy-MM-dd HH:mm:ss} UTC", TwinEvent.Clock));
    }

    /// <summary>Lower-case words of the API.</summary>
    public static string Text(Standing standing) => standing switch
    {
        Standing.Pending => "pending", Standing.Active => "active", Standing.Suspended => "suspended", _ => "revoked",
    };

    /// <inheritdoc cref="Text(Standing)"/>
    public static string Text(TrustTier status) => status switch
    {
        TrustTier.Affirming => "affirming", TrustTier.Warning => "warning", TrustTier.Contraindicated => "contraindicated", _ => "none",
    };

    /// <summary>Whether a device that joins is let in at once stands in its line, too: the past is read from lines alone (History/PastState.cs).</summary>
    private static string By(Admission admission) => $"{(admission.Approved ? LetIn : "")} by {admission.Enrolment.AdmittedBy}";

    private static TwinState AdmittedBy(TwinState state, string who) => state with { Enrolment = state.Enrolment with { AdmittedBy = Grammar.Fit(who) } };

    private static string Fix(Standing standing) => standing switch
    {
        Standing.Pending => "approve or revoke it.",
        Standing.Suspended => "resume or revoke it.",
        Standing.Revoked => "revocation is final, the device needs another root of trust.",
        _ => "suspend or revoke it.",
    };

    private static bool Continues(AttesterState claimed, AttesterState held)
        => claimed.Boot == held.Boot && claimed.RestartCount == held.RestartCount && claimed.Clock == held.Clock
            && claimed.LogCount == held.LogCount && claimed.LogValue.Span.SequenceEqual(held.LogValue.Span)
            // Two machines that prove at the same moment: the second has to be judged against the key of the first (A48).
            && Newest(claimed).Span.SequenceEqual(Newest(held).Span);

    /// <summary>From one boot to the next they mostly stay what they are. What is new is copied: it is a slice of the whole evidence, which nobody wants to keep for it.</summary>
    private static ImmutableArray<PcrValue> Registers(ImmutableArray<PcrValue> held, IReadOnlyList<PcrValue> quoted)
    {
        var same = held.Length == quoted.Count;
        for (var i = 0; same && i < held.Length; i++) same = held[i].Index == quoted[i].Index && held[i].Value.Span.SequenceEqual(quoted[i].Value.Span);
        return same ? held : [.. quoted.Select(register => new PcrValue(register.Index, register.Value.ToArray()))];
    }

    private static ReadOnlyMemory<byte> Newest(AttesterState state) => state.Sessions.IsEmpty ? default : state.Sessions[^1];

    /// <summary>A rule let it in: a line of its own, with the rule and whoever set it as the one who did.</summary>
    private static TwinStep Ruled(TwinStep step, Admission admission, DateTimeOffset now)
    {
        if (admission is not { Approved: true, Rule: { } rule, SetBy: { } by }) return step;
        var line = new TwinEvent(now, EventKind.Approved, Grammar.Fit(rule), Grammar.Fit(by));
        return With(step.State, line) with { Events = [.. step.Events, line] };
    }

    private static TwinStep With(TwinState after, TwinEvent line) => With(after, null, line);

    private static TwinStep With(TwinState after, LogAppend? log, TwinEvent line)
    {
        var timeline = after.Timeline.Length < TwinState.TimelineLength ? after.Timeline : after.Timeline.RemoveAt(0);
        return new(after with { Timeline = timeline.Add(line) }, [line], true, log);
    }
}
