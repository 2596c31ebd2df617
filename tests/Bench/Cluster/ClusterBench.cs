using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Bench.Cluster;

/// <summary>
/// The same devices and the same load on one silo embedded, one in Orleans and three in Orleans: real processes, real TLS, a real Redis that has everything on disk
/// before it answers, all on this machine. All run all the time; they are loaded in turn, several rounds, so that what else the machine does meets all of them.
/// </summary>
internal static class ClusterBench
{
    private const int Devices = 48, Rounds = 5;
    private const double Pace = 100;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var rows = new List<Row>();
        var started = MachineLoad.Say();
        var places = new List<BenchCluster>();
        try
        {
            places.Add(await BenchCluster.StartAsync("one silo embedded, SQLite", 0));
            places.Add(await BenchCluster.StartAsync("one silo Orleans, Redis", 1));
            places.Add(await BenchCluster.StartAsync("three silos Orleans, Redis", 3));
            if (Azurite.IsInstalled) places.Add(await BenchCluster.StartAsync("three silos Orleans, Azurite", 3, blobs: true));
            if (Environment.GetEnvironmentVariable("TRUSTMESH_BENCH_BEFORE") is { } build)
            {
                // Another build beside this one: what a change of the silo is worth is told by one run.
                Environment.SetEnvironmentVariable("TRUSTMESH_SILO_BUILD", build);
                places.Add(await BenchCluster.StartAsync("three silos Orleans, Redis, the build to compare with", 3));
                Environment.SetEnvironmentVariable("TRUSTMESH_SILO_BUILD", null);
            }
            foreach (var place in places) await place.JoinAsync(Devices);
            var fast = places.Select(_ => new List<(double Rate, Distribution Took, int All)>()).ToArray();
            var paced = places.Select(_ => new List<(double Rate, Distribution Took, int All)>()).ToArray();
            var each = places.Select(_ => new List<double>()).ToArray();
            var calls = new string[places.Count];
            for (var round = 0; round < Rounds; round++)
                for (var i = 0; i < places.Count; i++)
                {
                    var before = !places[i].IsEmbedded && places[i].Mesh.Azurite is null ? await places[i].RedisCallsAsync() : null;
                    var worked = MachineLoad.Processor(places[i].Silos.Select(silo => silo.Pid));
                    fast[i].Add(await EvidenceLoad.RunAsync(places[i].Devices, Round));
                    each[i].Add((MachineLoad.Processor(places[i].Silos.Select(silo => silo.Pid)) - worked).TotalMicroseconds / fast[i][^1].All);
                    if (before is not null) calls[i] = Calls(before, await places[i].RedisCallsAsync(), fast[i][^1].All);
                    paced[i].Add(await EvidenceLoad.RunAsync(places[i].Devices, Round, Pace));
                }
            var embedded = Median(fast[0].Select(one => one.Rate));
            for (var i = 0; i < places.Count; i++)
            {
                var rate = Median(fast[i].Select(one => one.Rate));
                rows.Add(new($"evidence, {places[i].Name}, {Devices} devices as fast as they are answered",
                    $"{Median(each[i]):N0} µs CPU of the silos each; {rate:N0}/s; p50 {Median(fast[i].Select(one => one.Took.At(50))):N1} ms, p99 {Median(fast[i].Select(one => one.Took.At(99))):N1} ms",
                    $"{rate / embedded:N2} of embedded; rounds {string.Join(", ", fast[i].Select(one => $"{one.Rate:N0}"))}/s{(calls[i] is { } some ? $"; Redis per evidence: {some}" : "")}", ""));
                rows.Add(new($"evidence, {places[i].Name}, {Pace:N0}/s", $"p50 {Median(paced[i].Select(one => one.Took.At(50))):N1} ms, p99 {Median(paced[i].Select(one => one.Took.At(99))):N1} ms",
                    $"p99 of rounds {string.Join(", ", paced[i].Select(one => $"{one.Took.At(99):N1}"))} ms", ""));
            }
        }
        finally
        {
            foreach (var place in places) await place.DisposeAsync();
        }
        rows.Add(new("(machine)", $"{started} to {MachineLoad.Say()}", $"{Environment.ProcessorCount} cores for silos, stores and devices", ""));
        return rows;
    }

    private static string Calls(Dictionary<string, long> before, Dictionary<string, long> after, int evidence)
        => string.Join(", ", after.Select(one => (one.Key, Each: (one.Value - before.GetValueOrDefault(one.Key)) / (double)evidence)).Where(one => one.Each > 0.02).OrderByDescending(one => one.Each).Select(one => $"{one.Each:N2} {one.Key}"));

    private static double Median(IEnumerable<double> values) => new Distribution(values).At(50);
}
