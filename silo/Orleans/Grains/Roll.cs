using TrustMesh.Orleans.Following;

namespace TrustMesh.Orleans.Grains;

/// <summary>Which silos follow the mesh, and what they said of themselves last. One caller at a time.</summary>
internal sealed class Roll(TimeProvider time)
{
    /// <summary>A silo that has not reported for so long may be replaced by another with its identity.</summary>
    public static readonly TimeSpan Silent = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);
    private const int Most = 1_000;

    private readonly Dictionary<string, (SiloReport Report, long Heard, TimeSpan Ahead, TimeSpan? Before)> reports = [];

    /// <summary>As they were heard, and what time that is here: whoever reads them has another clock.</summary>
    public SiloReports Reports => new(time.GetUtcNow(), [.. reports.Values.Select(one => one.Report with { At = time.GetUtcNow() - time.GetElapsedTime(one.Heard), Skew = Skew(one.Ahead, one.Before) })]);

    /// <summary>Takes a report; a sentence if that silo may not be one of the mesh's: two that run with one identity are told apart by nobody.</summary>
    public string? Enter(SiloReport report)
    {
        var (now, ahead) = (time.GetTimestamp(), report.At - time.GetUtcNow());
        foreach (var (address, known) in reports.ToList())
        {
            // How long ago is not for a clock to say that somebody may set.
            var ago = time.GetElapsedTime(known.Heard, now);
            // One address has one process: the one before is gone, however short ago it was heard.
            if (address != report.Address && Place(address) == Place(report.Address)) reports.Remove(address);
            else if (address != report.Address && ago < Silent && known.Report.Identity == report.Identity)
                return $"The silo {known.Report.Name} at {known.Report.Address} runs with the same key already. Give this one a state directory of its own, or wait {Silent.TotalSeconds:0} s if it is the same silo started anew.";
            else if (address != report.Address && ago < Silent && known.Report.Name == report.Name)
                return $"There is a silo named {report.Name} at {known.Report.Address} already. Give this one another name with --silo-name.";
            else if (ago > Forgotten) reports.Remove(address);
        }
        if (reports.Count < Most || reports.ContainsKey(report.Address)) reports[report.Address] = (report, now, ahead, reports.TryGetValue(report.Address, out var before) ? before.Ahead : null);
        return null;
    }

    /// <summary>
    /// A report that waited on its way makes its clock look behind by as long, never ahead: of two in a row the one that waited less is believed, and a
    /// single one, which may have waited for the authority to come up, says nothing.
    /// </summary>
    private static TimeSpan? Skew(TimeSpan ahead, TimeSpan? before) => before is { } other ? ahead > other ? ahead : other : null;

    /// <summary>Address and port without the start's number.</summary>
    private static string Place(string address) => address.LastIndexOf('@') is var at and > 0 ? address[..at] : address;
}
