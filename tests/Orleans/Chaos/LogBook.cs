using TrustMesh.Contracts;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>The mesh's log after the run, by device, in the order of what happened to it.</summary>
internal sealed class LogBook
{
    private readonly ILookup<string, LogEntryView> byDevice;
    private readonly IReadOnlyList<LogEntryView> lines;

    public LogBook(IReadOnlyList<LogEntryView> lines)
    {
        this.lines = lines;
        byDevice = lines.Where(line => line.Device is not null).ToLookup(line => line.Device!);
    }

    public int Count => lines.Count;

    /// <summary>Lines that stand there a second time, as a crash between the log and the row leaves them.</summary>
    public int Twice => lines.Count - lines.Select(Bare).Distinct().Count();

    /// <summary>Lines about the mesh as a whole.</summary>
    public IEnumerable<LogEntryView> OfMesh => lines.Where(line => line.Device is null);

    public IEnumerable<string> Devices => byDevice.Select(group => group.Key);

    /// <summary>Each line once, by version.</summary>
    public IReadOnlyList<LogEntryView> Of(string device) => [.. byDevice[device].Select(Bare).Distinct().OrderBy(line => line.Version)];

    /// <summary>A line without its place.</summary>
    private static LogEntryView Bare(LogEntryView line) => line with { Index = 0 };
}
