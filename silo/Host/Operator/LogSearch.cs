using System.Globalization;
using TrustMesh.Contracts;
using TrustMesh.Trust.Log;

namespace TrustMesh.Host.Operator;

/// <summary>
/// Goes back through the mesh's logs, all of them together by the clock, newest first. A call looks at so many entries at most and says where to go on:
/// one that finds nothing costs no more than one that finds much (A42).
/// </summary>
internal sealed class LogSearch(IReadOnlyList<LogReader> logs, LogFilter filter)
{
    private const int MostLooked = 20_000, Read = 256;

    /// <summary>So many in a row that are older than what is asked for end a search: a clock that was wrong for a while must not hide what stands before it.</summary>
    private const int MostOlder = 1024;

    /// <param name="cursor">From an earlier answer; null to begin with the newest.</param>
    /// <returns>Null for a cursor that is none of these logs. Throws <see cref="InvalidDataException"/> where the log cannot be read.</returns>
    public async Task<LogFindings?> FindAsync(string? cursor, int limit, CancellationToken cancellation)
    {
        var ways = new List<Way>();
        foreach (var log in logs)
            if (await log.HeadAsync(cancellation) is { } head) ways.Add(new(log, head));
        if (cursor is not null && !GoOn(ways, cursor)) return null;
        var (found, looked, older, back) = (new List<LogFinding>(), 0, 0, (DateTimeOffset?)null);
        while (found.Count < limit && looked < MostLooked)
        {
            foreach (var way in ways) await way.FillAsync(cancellation);
            if (ways.Where(way => way.Waiting.Count > 0).MaxBy(way => Place(way.Waiting.Peek())) is not { } newest) return new(found, null, back);
            var entry = newest.Waiting.Dequeue();
            newest.End = entry.Index;
            looked++;
            if (entry.Kind != "unreadable") back = entry.At;
            older = entry.At < filter.Since ? older + 1 : 0;
            if (older == MostOlder) return new(found, null, back);
            if (filter.Takes(entry)) found.Add(new(newest.Log.Number, entry));
        }
        return new(found, ways.TrueForAll(way => way.End == 0) ? null : string.Join('.', ways.Select(way => way.End.ToString(CultureInfo.InvariantCulture))), back);
    }

    /// <summary>One that cannot be read has no time of its own, and holds up nobody.</summary>
    private static DateTimeOffset Place(LogEntryView entry) => entry.Kind == "unreadable" ? DateTimeOffset.MaxValue : entry.At;

    private static bool GoOn(List<Way> ways, string cursor)
    {
        var ends = cursor.Split('.');
        if (ends.Length != ways.Count) return false;
        for (var i = 0; i < ends.Length; i++)
        {
            if (!long.TryParse(ends[i], NumberStyles.None, CultureInfo.InvariantCulture, out var end) || end > ways[i].Head.Size) return false;
            ways[i].End = end;
        }
        return true;
    }

    /// <summary>One log, gone back through.</summary>
    private sealed class Way(LogReader log, StoredHead head)
    {
        public LogReader Log => log;

        public StoredHead Head => head;

        /// <summary>Entries before this one are still to be looked at.</summary>
        public long End { get; set; } = head.Size;

        /// <summary>Newest first.</summary>
        public Queue<LogEntryView> Waiting { get; } = new();

        /// <summary>A bundle of the tree at a time: what is in one is read once.</summary>
        public async Task FillAsync(CancellationToken cancellation)
        {
            if (Waiting.Count > 0 || End == 0) return;
            var from = (End - 1) / Read * Read;
            var entries = await log.EntriesAsync(head, from, (int)(End - from), cancellation);
            for (var i = entries.Count - 1; i >= 0; i--) Waiting.Enqueue(LogText.View(from + i, entries[i]));
        }
    }
}
