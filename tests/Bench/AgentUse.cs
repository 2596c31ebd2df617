using System.Globalization;

namespace TrustMesh.Bench;

/// <summary>What agents take of their machine, as its kernel counts it.</summary>
internal static class AgentUse
{
    private const double MebiByte = 1024, TicksPerSecond = 100;

    /// <summary>Watches the processes for a while.</summary>
    public static async Task<Row> MeasureAsync(string when, IReadOnlyList<int> agents, TimeSpan span)
    {
        var before = agents.Select(Ticks).ToList();
        await Task.Delay(span);
        var cpu = new Distribution(agents.Select((agent, i) => (Ticks(agent) - before[i]) / TicksPerSecond / span.TotalSeconds * 100));
        var use = agents.Select(Memory).ToList();
        var (own, resident) = (new Distribution(use.Select(one => one.Private)), new Distribution(use.Select(one => one.Resident)));
        return new(
            $"an agent, {when}", $"median {cpu.At(50):N2} % of a core, {own.At(50):N1} MB private, {resident.At(50):N1} MB resident",
            $"most of {agents.Count}: {cpu.Most:N2} %, {own.Most:N1} MB, {resident.Most:N1} MB; over {span.TotalSeconds:0} s", "≤ 0.5 %, ≤ 25 MB, ≤ 90 MB");
    }

    private static double Ticks(int agent)
    {
        // After the name, which is in parentheses and may hold anything: state is field 3, utime 14, stime 15 (proc_pid_stat(5)).
        var stat = File.ReadAllText($"/proc/{agent}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return Number(fields[11]) + Number(fields[12]);
    }

    private static (double Private, double Resident) Memory(int agent)
    {
        var lines = File.ReadLines($"/proc/{agent}/smaps_rollup").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(words => words[0], words => Number(words[1]));
        return ((lines["Private_Clean:"] + lines["Private_Dirty:"]) / MebiByte, lines["Rss:"] / MebiByte);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
