using System.Globalization;

namespace TrustMesh.Bench;

/// <summary>What else the machine does: without it no figure of a shared machine says anything.</summary>
internal static class MachineLoad
{
    /// <summary>Time of day and load average of the last minute.</summary>
    public static string Say()
    {
        var average = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{DateTime.UtcNow:HH:mm:ss}, load average {average}";
    }

    /// <summary>Processor time of these processes since they started, user and system: hardly changes with what else runs.</summary>
    public static TimeSpan Processor(IEnumerable<int> processes)
        => processes.Select(id =>
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }).Aggregate(TimeSpan.Zero, (sum, one) => sum + one);

    /// <summary>Private memory of this process, clean and dirty, in bytes.</summary>
    public static long PrivateBytes()
        => File.ReadLines("/proc/self/smaps_rollup").Where(line => line.StartsWith("Private_", StringComparison.Ordinal) && !line.StartsWith("Private_Hugetlb", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) * 1024;
}
