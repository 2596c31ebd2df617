using Orleans.Runtime;
using TrustMesh.Contracts;
using TrustMesh.Orleans.Following;
using TrustMesh.Trust.Alerts;

namespace TrustMesh.Orleans.Hosting;

/// <summary>The list of silos: what the cluster's membership says, together with what each said of itself.</summary>
internal static class SiloRoll
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(10), Remembered = TimeSpan.FromHours(1);

    /// <param name="now">By the clock of the silo that is asked; reports carry the time at which the authority heard them.</param>
    public static IReadOnlyList<SiloView> Views(IReadOnlyList<MembershipEntry> members, IReadOnlyList<SiloReport> reports, DateTimeOffset now)
    {
        var said = reports.ToDictionary(report => report.Address);
        // Of silos with one name the newest start counts, unless it is dead and another is not: one that was refused its name hides nobody.
        var newest = members.GroupBy(member => member.SiloName).Select(group => group.MaxBy(member => (member.Status != SiloStatus.Dead, member.SiloAddress.Generation))!)
            .Where(member => member.Status != SiloStatus.Dead || now - new DateTimeOffset(DateTime.SpecifyKind(member.IAmAliveTime, DateTimeKind.Utc)) < Remembered);
        var rows = newest.Select(member => (Member: member, Report: said.GetValueOrDefault(member.SiloAddress.ToParsableString()))).ToList();
        var twins = Math.Max(1, rows.Sum(row => IsUp(row.Member) ? row.Report?.Twins ?? 0 : 0));
        var middle = Middle([.. rows.Where(row => IsUp(row.Member)).Select(row => row.Report?.Skew).OfType<TimeSpan>().Order()]);
        return [.. rows.Select(row => View(row.Member, row.Report, twins, IsUp(row.Member) ? row.Report?.Skew - middle : null, now)).OrderBy(view => view.Name, StringComparer.Ordinal)];
    }

    private static bool IsUp(MembershipEntry member) => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;

    private static SiloView View(MembershipEntry member, SiloReport? report, int twins, TimeSpan? skew, DateTimeOffset now)
    {
        var (health, why) = Health(member, report, skew, now);
        var held = IsUp(member) ? report?.Twins ?? 0 : 0;
        var pulse = report?.Pulse;
        return new(
            member.SiloName, health, why, pulse?.Device, pulse?.Operator, pulse?.Version ?? "", pulse?.StartedAt ?? new DateTimeOffset(DateTime.SpecifyKind(member.StartTime, DateTimeKind.Utc)), report?.At,
            held, (double)held / twins, IsUp(member) ? report?.Duties ?? [] : [], pulse?.CallsPerSecond ?? 0, pulse?.P50Ms ?? 0, pulse?.P99Ms ?? 0, pulse?.Accepted ?? 0, pulse?.Refused ?? 0,
            pulse?.Waiting ?? 0, pulse?.MemoryBytes ?? 0, report?.StorageErrors ?? 0, report?.LastStorageError,
            skew is { } off ? Math.Round(off.TotalSeconds, 1) : null);
    }

    private static (string Health, string? Why) Health(MembershipEntry member, SiloReport? report, TimeSpan? skew, DateTimeOffset now) => member.Status switch
    {
        SiloStatus.Active when report is null => ("silent", "It is in the cluster and has not reported yet."),
        SiloStatus.Active when now - report.At > Silent => ("silent", $"It has not reported for {(now - report.At).TotalSeconds:0} s; it may be paused, cut off or overloaded."),
        SiloStatus.Active => ("active", Clock(skew)),
        SiloStatus.Created or SiloStatus.Joining => ("joining", "It is starting."),
        SiloStatus.ShuttingDown or SiloStatus.Stopping => ("leaving", "It is stopping; the others take over its share."),
        _ => ("dead", "It was stopped or could not be reached; the others took over its share. Start it again, or leave it: it is forgotten after an hour."),
    };

    /// <summary>Most clocks are right, and the authority's need not be one of them: the one in the middle counts. Of two in the middle it is the authority's, or the one nearer to it.</summary>
    private static TimeSpan Middle(List<TimeSpan> skews)
    {
        if (skews.Count == 0) return TimeSpan.Zero;
        var (low, high) = (skews[(skews.Count - 1) / 2], skews[skews.Count / 2]);
        return low.Duration() <= high.Duration() ? low : high;
    }

    /// <summary>Null where it is right, or not known. It works on: what counts in the mesh does not go by one silo's clock.</summary>
    private static string? Clock(TimeSpan? skew)
        => skew is { } off && off.Duration() > SiloTroubles.WrongClock ? $"Its clock is {off.Duration().TotalSeconds:0} s {(off > TimeSpan.Zero ? "ahead of" : "behind")} the other silos'; see to its time server." : null;
}
