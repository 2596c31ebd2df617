using System.Collections.Immutable;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Peers;

/// <summary>How verified verdicts change what is kept of their issuer. Pure: it saves nothing and tells nobody.</summary>
public static class LedgerTransition
{
    /// <summary>An edge nobody renewed is forgotten so long after its last verdict expired.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);

    /// <summary>Changes of one edge in one upload that are told; of more, the last ones (attack A42).</summary>
    public const int MostLines = 8;

    /// <param name="name">The issuer's, for timelines.</param>
    /// <param name="enrolmentId">Of the issuer now, 16 bytes.</param>
    /// <param name="dropped">What the issuer says it had to drop, ever.</param>
    /// <param name="verdicts">In the order of their sequences; those that are here already are passed over.</param>
    /// <param name="others">What everybody else who counts says about a device.</param>
    public static LedgerStep Take(
        IssuerRecord before, string name, ReadOnlyMemory<byte> enrolmentId, long dropped, IReadOnlyList<VerifiedPeerVerdict> verdicts, Func<DeviceId, IReadOnlyList<HeldWord>> others)
    {
        var record = before.EnrolmentId.Span.SequenceEqual(enrolmentId.Span) ? before : IssuerRecord.None(before.Issuer, enrolmentId);
        record = record with { Dropped = Math.Max(record.Dropped, dropped) };
        var lines = new List<(DeviceId Device, TwinEvent Line)>();
        var heard = new HashSet<DeviceId>();
        foreach (var verified in verdicts)
        {
            var verdict = verified.Verdict;
            heard.Add(verdict.Subject);
            if (verdict.Sequence < record.Next) continue;
            var at = DateTimeOffset.FromUnixTimeSeconds(verdict.IssuedAt);
            if (verdict.Sequence > record.Next) record = Missed(record, verdict.Sequence, at, lines);
            record = Compared(record, verdict.Subject, others, at);
            var edge = record.Edge(verdict.Subject);
            var next = EdgeRecord.Next(edge, verdict, verified.Signed);
            var edges = edge is null ? record.Edges.Add(next) : record.Edges.Replace(edge, next);
            record = record with { Edges = edges, Next = verdict.Sequence + 1 };
            // The first word is news only if it is not good: that somebody now examines a device is what the graph shows.
            if (edge is null ? next.Opinion != Opinion.Good : edge.Verdict.Status != verdict.Status) lines.Add((verdict.Subject, Line(name, next, at)));
            record = Doubted(record, at, lines);
        }
        record = Bounded(record);
        return new(record, Last(lines), heard, record != before);
    }

    /// <summary>None lost without a trace: what the device says it dropped is a line, what it does not account for an alarm.</summary>
    private static IssuerRecord Missed(IssuerRecord record, long sequence, DateTimeOffset at, List<(DeviceId, TwinEvent)> lines)
    {
        var (first, count) = (record.Next, sequence - record.Next);
        var missing = long.MaxValue - count < record.Missing ? long.MaxValue : record.Missing + count;
        var what = count == 1 ? $"1 verdict {{0}}: {first}" : $"{count} verdicts {{0}}: {first} to {sequence - 1}";
        lines.Add((record.Issuer, missing <= record.Dropped
            ? new(at, EventKind.Peer, string.Format(null, what, count == 1 ? "was dropped on the device" : "were dropped on the device"), TwinEvent.Device)
            : new(at, EventKind.Alarm, string.Format(null, what, "never came, and the device does not say it dropped so many"), TwinEvent.Device)));
        return record with { Missing = missing };
    }

    /// <summary>The issuer speaks about the device again: now its last word can be compared.</summary>
    private static IssuerRecord Compared(IssuerRecord record, DeviceId subject, Func<DeviceId, IReadOnlyList<HeldWord>> others, DateTimeOffset now)
    {
        if (record.Edge(subject) is not { } edge || Credibility.IsContradicted(edge, others(subject), now, out var count) is not { } contradicted) return record;
        return record with
        {
            Edges = record.Edges.Replace(edge, Credibility.Judged(edge, contradicted, count)),
            Agreed = contradicted ? 0 : Math.Min(record.Agreed + 1, Credibility.Rounds),
        };
    }

    private static IssuerRecord Doubted(IssuerRecord record, DateTimeOffset at, List<(DeviceId, TwinEvent)> lines)
    {
        var doubted = Credibility.IsDoubted(record, at);
        if (doubted == record.Doubted) return record;
        lines.Add((record.Issuer, doubted
            ? new(at, EventKind.Alarm, "its verdicts keep contradicting those of others: it is doubted, and its words move nothing", TwinEvent.Peers)
            : new(at, EventKind.Peer, "its verdicts agree with those of others again: it is doubted no longer", TwinEvent.Peers)));
        return record with { Doubted = doubted };
    }

    private static TwinEvent Line(string name, EdgeRecord edge, DateTimeOffset at)
    {
        var reason = EdgeRecord.Reason(edge.Verdict);
        return new(at, EventKind.Peer, Grammar.Fit($"{name} judges: {TwinTransition.Text(edge.Verdict.Status)}{(reason.Length == 0 ? "" : ": " + reason)}"), TwinEvent.Peers);
    }

    private static IssuerRecord Bounded(IssuerRecord record)
    {
        if (record.Edges.IsEmpty) return record;
        // Measured by its own latest word: the transition knows no clock, and an outage makes nobody forget.
        var latest = record.Edges.Max(edge => edge.IssuedAt);
        var kept = record.Edges.RemoveAll(edge => edge.ExpiresAt + ForgottenAfter < latest);
        while (kept.Length > IssuerRecord.MostEdges) kept = kept.Remove(kept.MinBy(edge => edge.ExpiresAt)!);
        return kept.Length == record.Edges.Length ? record : record with { Edges = kept };
    }

    private static List<(DeviceId Device, TwinEvent Line)> Last(List<(DeviceId Device, TwinEvent Line)> lines)
        => lines.Count <= MostLines ? lines : [.. lines.GroupBy(one => one.Device).SelectMany(group => group.TakeLast(MostLines))];
}
