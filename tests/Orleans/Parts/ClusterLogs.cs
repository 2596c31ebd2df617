using TrustMesh.Contracts;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>Every line of all logs of a mesh, read through one of its silos.</summary>
internal static class ClusterLogs
{
    public static async Task<IReadOnlyList<LogEntryView>> ReadAsync(RunningCluster mesh, int silo)
    {
        var lines = new List<LogEntryView>();
        foreach (var log in await mesh.GetAsync<IReadOnlyList<LogView>>(silo, "log"))
            for (var from = 0L; from < log.Size;)
            {
                var page = await mesh.GetAsync<LogPage>(silo, $"log/{log.Number}/entries?from={from}&limit=1000");
                lines.AddRange(page.Entries);
                from += page.Entries.Count;
            }
        return lines;
    }
}
