using System.Collections.Immutable;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>What peers say about the device.</summary>
public static partial class TwinTransition
{
    /// <summary>So many lines of a timeline are of peers at most: a peer that changes its mind all the time hides nothing else (attacks A36, A42).</summary>
    public const int PeerLines = 24;

    /// <summary>Checks that only another machine with the same root can fail in evidence that is authentic otherwise.</summary>
    private static readonly string[] CloneChecks = ["session.superseded", "counter.reset", "counter.restart", "clock.back"];

    /// <summary>
    /// Lines for the timeline, and bad words that may suspend an active device: as many as the policy's quorum, each fresh, by another issuer
    /// that is active, not doubted and not found bad itself, and not by the device. One word moves nothing (attack A36); what a person resumed is
    /// not suspended by words that were said before; and whatever peers say, they never resume or clear anyone. A line that is there already is not added again.
    /// </summary>
    public static TwinStep Hear(TwinState before, PeerNews news, DateTimeOffset now)
    {
        var (after, events) = (before, new List<TwinEvent>());
        foreach (var line in news.Lines)
        {
            if (!TryInsert(after.Timeline, line, out var timeline)) continue;
            after = after with { Timeline = timeline };
            events.Add(line);
        }
        if (Accusers(before, news, now) is { Count: > 0 } accusers)
        {
            var names = string.Join(", ", accusers.Select(word => word.Name));
            var line = new TwinEvent(now, EventKind.Suspended, Grammar.Fit($"{accusers.Count} peers judge contraindicated ({names}): {accusers[0].Reason}"), TwinEvent.Peers);
            var step = With(after with { Standing = Standing.Suspended, Membership = default, MembershipUntil = DateTimeOffset.UnixEpoch }, line);
            return step with { Events = [.. events, .. step.Events] };
        }
        return events.Count == 0 ? TwinStep.Nothing(before) : new(after, events, true);
    }

    /// <summary>Those whose words suspend the device, by name; none if they are too few.</summary>
    private static List<PeerWord> Accusers(TwinState before, PeerNews news, DateTimeOffset now)
    {
        if (news.Quorum <= 0 || before.Standing != Standing.Active) return [];
        var resumed = before.Timeline.LastOrDefault(line => line.Kind == EventKind.Resumed)?.At ?? DateTimeOffset.MinValue;
        var accusers = news.Words
            .Where(word => word.Counts && word.Status == TrustTier.Contraindicated && word.Issuer != before.Enrolment.Device && now < word.ExpiresAt && word.IssuedAt > resumed)
            .DistinctBy(word => word.Issuer).OrderBy(word => word.Name, StringComparer.Ordinal).ToList();
        // Whatever a policy says, one word alone is none.
        return accusers.Count >= Math.Max(news.Quorum, 2) ? accusers : [];
    }

    /// <summary>Puts a line where its time is: verdicts of an outage arrive late and are read in order. False if it is there, or too old to keep.</summary>
    private static bool TryInsert(ImmutableArray<TwinEvent> timeline, TwinEvent line, out ImmutableArray<TwinEvent> after)
    {
        after = timeline;
        if (timeline.Contains(line)) return false;
        if (timeline.Count(one => one.Kind == line.Kind) >= PeerLines)
        {
            var oldest = timeline.First(one => one.Kind == line.Kind);
            if (line.At < oldest.At) return false;
            timeline = timeline.Remove(oldest);
        }
        var at = timeline.Length;
        while (at > 0 && timeline[at - 1].At > line.At) at--;
        if (timeline.Length >= TwinState.TimelineLength)
        {
            if (at == 0) return false;
            timeline = timeline.RemoveAt(0);
            at--;
        }
        after = timeline.Insert(at, line);
        return true;
    }

    private static bool IsClone(IReadOnlyList<Finding> findings)
    {
        var failed = findings.Where(finding => finding.Outcome == Outcome.Fail).ToList();
        return failed.Count > 0 && failed.TrueForAll(finding => CloneChecks.Contains(finding.Check));
    }

    private static bool IsOfPeers(string check) => check.StartsWith("verdict.", StringComparison.Ordinal) || check.StartsWith("voucher.", StringComparison.Ordinal);
}
