using TrustMesh.Bench;
#if TRUSTMESH_ORLEANS
using TrustMesh.Bench.Cluster;
#endif

// trustmesh-bench [verify] [http] [idle] [peers] [handshake] [batch] [spread] [propagation] [propagation-loopback] [capacity] [query] [prevalence], and where the
// build has Orleans (-p:TrustMeshOrleans=true) [cluster] [failover] [twins] [handed]: all without an argument. One table; ratios and rates of this one run.
var benches = new Dictionary<string, Func<Task<IReadOnlyList<Row>>>>
{
    ["verify"] = () => Task.FromResult<IReadOnlyList<Row>>([.. VerificationBench.Run()]),
    ["http"] = HttpBench.RunAsync,
    ["idle"] = IdleBench.RunAsync,
    ["peers"] = () => Task.FromResult<IReadOnlyList<Row>>([.. PeerBench.Run()]),
    ["handshake"] = HandshakeBench.RunAsync,
    ["batch"] = BatchBench.RunAsync,
    ["spread"] = () => Task.FromResult(SpreadBench.Run()),
    ["propagation"] = () => PropagationBench.RunAsync(loopback: false),
    ["propagation-loopback"] = () => PropagationBench.RunAsync(loopback: true),
    ["capacity"] = CapacityBench.RunAsync,
    ["query"] = () => Task.FromResult(QueryBench.Run()),
    ["prevalence"] = () => Task.FromResult(PrevalenceBench.Run()),
#if TRUSTMESH_ORLEANS
    ["cluster"] = ClusterBench.RunAsync,
    ["failover"] = FailoverBench.RunAsync,
    ["twins"] = TwinBench.RunAsync,
    ["handed"] = () => Task.FromResult(HandedBench.Run()),
#endif
};
if (args.FirstOrDefault(name => !benches.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"{unknown} is not a benchmark; there are: {string.Join(", ", benches.Keys)}.");
    return 2;
}
Console.WriteLine("| What | Measured | Beside it, same run | Target |");
Console.WriteLine("|---|---|---|---|");
foreach (var (name, run) in benches)
{
    if (args.Length > 0 && !args.Contains(name)) continue;
    foreach (var row in await run()) Console.WriteLine($"| {row.What} | {row.Figure} | {row.Beside} | {row.Target} |");
}
return 0;
