using System.Globalization;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;

namespace TrustMesh.Bench;

/// <summary>What a query costs over 50,000 devices: a page of the silo's list, and the pass over its nodes that the dashboard makes.</summary>
internal static class QueryBench
{
    private const int Count = 50_000, Rounds = 7;

    public static IReadOnlyList<Row> Run()
    {
        var directory = new DeviceDirectory(TimeProvider.System);
        foreach (var entry in CapacityBench.Devices(Count)) directory.Put(entry);
        var now = DateTimeOffset.UtcNow;
        GraphNode[] nodes = [.. directory.Entries.Select(entry => entry.Node(now))];
        var rows = new List<Row>();
        foreach (var (what, text) in new[]
        {
            ("everything", ""), ("a word", "sensor-0004"), ("six terms", "site:site-7* status:stale age>10m tier:tpm-quote fw<7.86 -model:camera"),
            ("the most that may be asked", string.Join(' ', Enumerable.Range(0, FleetQuery.MostTerms).Select(i => $"-*zz{i}*,*qq{i}*"))),
        })
        {
            if (!FleetQuery.TryParse(text, out var query, out var problem)) throw new InvalidOperationException(problem.ToString());
            var found = directory.List(new(null, 100, null, query)).Total;
            var list = Median(() => directory.List(new(null, 100, null, query)));
            var pass = Median(() => nodes.Count(node => query.Matches(DeviceFacts.Of(node), now)));
            rows.Add(new($"query of {what}, {CapacityBench.Say(Count)} devices, {CapacityBench.Say(found)} found", $"{Say(list)} ms of a core for a page of the silo", $"{Say(pass)} ms for the dashboard's pass", "well under 1 s"));
        }
        rows.Add(new("(machine)", MachineLoad.Say(), $"{Environment.ProcessorCount} cores", ""));
        return rows;
    }

    /// <summary>Of the processor's time: what else runs on the machine is none of the query's doing.</summary>
    private static double Median(Action act)
    {
        act();
        return Enumerable.Range(0, Rounds).Select(_ =>
        {
            var before = Environment.CpuUsage.TotalTime;
            act();
            return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }).Order().ElementAt(Rounds / 2);
    }

    private static string Say(double milliseconds) => milliseconds.ToString("0.#", CultureInfo.InvariantCulture);
}
