using System.Collections.Immutable;
using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Replays a measurement log to the value the root signed (PROTOCOL.md section 6). The longest prefix that leads there counts: an entry is
/// written to disk before it is extended, so a log may be ahead of its quote (attack A21). Entries behind that prefix mean nothing and are
/// left out. What was accepted before in the same boot must be in it.
/// </summary>
internal static class LogReplay
{
    private static readonly Check Replay = new("log.replay", "measurement log", "a log that replays to the signed value", "PROTOCOL.md 6");
    private static readonly Check Empty = new("log.empty", "measurement log", "the entries that made the register what it is", "PROTOCOL.md 6");
    private static readonly Check Continued = new("log.continued", "measurement log", "everything accepted before in this boot", "PROTOCOL.md 6");
    private static readonly Check Entry = new("log.entry", "measurement log entry", "one entry in its one encoding, numbered without gap", "PROTOCOL.md 6");
    private static readonly Check Length = new("log.length", "measurement log", $"at most {Caps.LogEntryCount} entries in a boot", "PROTOCOL.md 1");

    /// <summary>Null, with a finding that says why, if the log does not explain the signed value.</summary>
    /// <param name="signed">What the root signed about its log and counters.</param>
    /// <param name="tail">From 0, or from the entry after the last one of <paramref name="before"/>.</param>
    public static ReplayedLog? Run(in SignedState signed, LogTail tail, AttesterState before, FindingList findings)
    {
        var sameBoot = signed.Boot == before.Boot;
        var continues = sameBoot && tail.From == before.LogCount && tail.From > 0;
        // After a TPM Restart (suspend to disk) the registers start over while resetCount stays: such a log may start over too.
        var known = sameBoot && !continues && signed.RestartCount == before.RestartCount ? before.LogCount : 0;

        Span<byte> value = stackalloc byte[Caps.Hash];
        if (continues) before.LogValue.Span.CopyTo(value);
        else value.Clear();

        var target = signed.LogValue.Span;
        var matched = value.SequenceEqual(target) ? 0 : -1;
        var passedKnown = known == 0;
        Span<byte> pair = stackalloc byte[2 * Caps.Hash];
        for (var i = 0; i < tail.Entries.Count; i++)
        {
            value.CopyTo(pair);
            SHA256.HashData(tail.Entries[i].Span, pair[Caps.Hash..]);
            SHA256.HashData(pair, value);
            passedKnown |= i + 1 == known && value.SequenceEqual(before.LogValue.Span);
            if (value.SequenceEqual(target)) matched = i + 1;
        }
        if (matched < 0 || signed.LogCount is { } count && tail.From + matched != count)
        {
            findings.Add(Explain(signed, tail, value));
            return null;
        }
        findings.Pass(Replay);
        if (!findings.Require(Continued, passedKnown && matched >= known, "a log that leaves out or changes entries accepted before")) return null;
        if (!findings.Require(Length, tail.From + matched <= Caps.LogEntryCount, "more entries")) return null;
        if (matched == 0 && continues) return new ReplayedLog(before.LogCount, before.LogValue, [], before.Current);
        return Read(signed, tail, matched, known, continues ? before.Current : AttesterState.None.Current, findings);
    }

    private static Finding Explain(in SignedState signed, LogTail tail, ReadOnlySpan<byte> value)
        => tail is { From: 0, Entries.Count: 0 }
            ? Empty.Failed($"no entry for the value {Words.Hex(signed.LogValue.Span)}")
            : Replay.Failed(Words.Hex(signed.LogValue.Span), $"{Words.Hex(value)} after {tail.From + tail.Entries.Count} entries");

    /// <summary>Reads the entries of the prefix: an extended value that is no entry is an unknown measurement and fails (attack A23).</summary>
    private static ReplayedLog? Read(in SignedState signed, LogTail tail, int matched, int known, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> start, FindingList findings)
    {
        var current = start.ToBuilder();
        for (var i = 0; i < matched; i++)
        {
            LogEntry entry;
            try
            {
                entry = LogEntry.Decode(tail.Entries[i]);
            }
            catch (WireException bad)
            {
                findings.Add(Entry.Failed($"entry {tail.From + i}: {bad.Message}"));
                return null;
            }
            if (entry.Sequence != tail.From + i)
            {
                findings.Add(Entry.Failed($"entry number {tail.From + i}", $"entry number {entry.Sequence}"));
                return null;
            }
            current[entry.Name] = Reading(entry);
        }
        findings.Pass(Entry);
        var appended = new ReadOnlyMemory<byte>[matched - known];
        for (var i = 0; i < appended.Length; i++) appended[i] = tail.Entries[known + i].ToArray();
        return new ReplayedLog(tail.From + matched, signed.LogValue.ToArray(), appended, current.ToImmutable());
    }

    /// <summary>An event's digest is hashed once more under a label: whatever its text, it never passes for a file's content (attack A23).</summary>
    private static ReadOnlyMemory<byte> Reading(LogEntry entry) => entry.Kind switch
    {
        LogEntryKind.File => entry.Digest.ToArray(),
        LogEntryKind.Event => SHA256.HashData([.. "tm-event/1"u8, .. entry.Digest.Span]),
        _ => default,
    };
}
