using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>
/// How many devices looked how, minute by minute, in the last hour: what the circuits of this dashboard saw while somebody had a page open. Nobody asks the silo for it,
/// and where nobody looked there is a gap. One for the process, as everybody who may sign in sees the whole mesh. Thread-safe.
/// </summary>
public sealed class FleetTrend
{
    public const int Minutes = 60;

    private readonly Lock _gate = new();
    private readonly (long Minute, int[] Counts)[] _ring = new (long, int[])[Minutes];
    private string _mesh = "";

    /// <param name="mesh">Of another mesh than before all that was seen is forgotten.</param>
    /// <param name="counts">Look to devices.</param>
    public void Note(string mesh, DateTimeOffset at, IReadOnlyDictionary<string, int> counts)
    {
        var minute = MinuteOf(at);
        int[] seen = [.. Looks.All.Select(look => counts.GetValueOrDefault(look))];
        lock (_gate)
        {
            if (mesh != _mesh)
                Array.Clear(_ring);
            _mesh = mesh;
            _ring[minute % Minutes] = (minute, seen);
        }
    }

    /// <summary>When the first of what is still kept was seen; null before two minutes of it make a line.</summary>
    public DateTimeOffset? Since(DateTimeOffset now)
    {
        var kept = Kept(now);
        return kept.Count < 2 ? null : DateTimeOffset.UnixEpoch.AddMinutes(kept[0].Minute);
    }

    /// <summary>Oldest first: minutes before now, and how many then.</summary>
    public IReadOnlyList<(int Ago, int Count)> Of(string look, DateTimeOffset now)
    {
        var at = Array.IndexOf([.. Looks.All], look);
        return at < 0 ? [] : [.. Kept(now).Select(one => ((int)(MinuteOf(now) - one.Minute), one.Counts[at]))];
    }

    /// <summary>The line for who hears it: how many more or fewer than where it begins; empty where there is no line.</summary>
    public string Words(string look, DateTimeOffset now)
    {
        var line = Of(look, now);
        return line.Count < 2 ? "" : (line[^1].Count - line[0].Count) switch { 0 => ", as many as where the line begins", > 0 and var more => $", {more:N0} more than where the line begins", var fewer => $", {-fewer:N0} fewer than where the line begins" };
    }

    private List<(long Minute, int[] Counts)> Kept(DateTimeOffset now)
    {
        var (last, first) = (MinuteOf(now), MinuteOf(now) - Minutes + 1);
        lock (_gate)
            return [.. _ring.Where(one => one.Counts is not null && one.Minute >= first && one.Minute <= last).OrderBy(one => one.Minute)];
    }

    private static long MinuteOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;
}
