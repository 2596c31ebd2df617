using System.Diagnostics;
using TrustMesh.Contracts;

namespace TrustMesh.Bench;

/// <summary>
/// Real agents as processes, with the silo, dashboard and all peers on this machine's cores: how fast a revocation is enforced by everyone, how fast peers
/// refuse a device whose measured file changed, and what an agent takes while nothing happens.
/// </summary>
internal static class PropagationBench
{
    private const int Devices = 50, Changes = 15, Revocations = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Settling = TimeSpan.FromSeconds(20), Watched = TimeSpan.FromSeconds(40), Rest = TimeSpan.FromSeconds(6);

    public static async Task<IReadOnlyList<Row>> RunAsync(bool loopback)
    {
        if (BenchDemo.Missing() is { } missing) return [new($"{Devices} real agents", "not measured", missing, "")];
        var start = Stopwatch.StartNew();
        await using var demo = await BenchDemo.StartAsync(Devices, loopback);
        var rows = new List<Row> { new($"{Devices} real agents: from nothing to everyone trusted by the silo and by its peers", $"{start.Elapsed.TotalSeconds:N0} s", $"{demo.Network}; silo, dashboard and one swtpm on the same machine", "") };
        await Task.Delay(Settling);
        rows.Add(await AgentUse.MeasureAsync($"silo and 4 assigned peers every 5 s, {demo.Network}", BenchDemo.Agents(demo.Devices), Watched));
        rows.Add(await DenialsAsync(demo));
        await demo.SendAsync(HttpMethod.Put, "policy", new PolicyUpdate(LifetimeSeconds: 60, IntervalSeconds: 20));
        await Task.Delay(Settling);
        rows.Add(await AgentUse.MeasureAsync($"silo and 4 assigned peers every 20 s, {demo.Network}", BenchDemo.Agents(demo.Devices), Watched));
        await demo.SendAsync(HttpMethod.Put, "policy", new PolicyUpdate(LifetimeSeconds: 15, IntervalSeconds: 5));
        await Task.Delay(Settling);
        var devices = demo.Devices.Reverse().ToList();
        rows.Add(await RevocationsAsync(demo, devices.Take(Revocations), $"{Revocations} devices, one every {Rest.TotalSeconds:0} s", Rest));
        rows.Add(await RevocationsAsync(demo, devices.Skip(Revocations).Take(Revocations), $"{Revocations} devices, the next as soon as everyone knows of the last", TimeSpan.Zero));
        return rows;
    }

    /// <summary>Each time another device; its file is put right afterwards. Without quorum, or the silo's status list would tell peers before they looked.</summary>
    private static async Task<Row> DenialsAsync(BenchDemo demo)
    {
        await demo.SendAsync(HttpMethod.Put, "policy", new PolicyUpdate(Quorum: 0));
        await Task.Delay(Settling);
        var (each, last, peers) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var device in demo.Devices.Take(Changes))
        {
            var watches = await Task.WhenAll(demo.Devices.Where(other => other != device).Select(other => DoorWatch.OpenAsync(BenchDemo.Setting(other, "socket").GetProperty("path").GetString()!)));
            var name = BenchDemo.Setting(device, "name").GetString()!;
            var file = Path.Combine(device, "fs/etc/sensor.conf");
            var good = await File.ReadAllTextAsync(file);
            using var limit = new CancellationTokenSource(Patience);
            var waits = watches.Where(watch => watch.Allows(name)).Select(watch => watch.DeniesAsync(name, limit.Token)).ToList();
            var changed = Stopwatch.GetTimestamp();
            await File.AppendAllTextAsync(file, "x\n", limit.Token);
            var times = (await Task.WhenAll(waits)).Select(at => Stopwatch.GetElapsedTime(changed, at).TotalMilliseconds).ToList();
            await File.WriteAllTextAsync(file, good, limit.Token);
            foreach (var watch in watches) watch.Dispose();
            each.AddRange(times);
            last.Add(times.Max());
            peers.Add(times.Count);
        }
        var (one, all) = (new Distribution(each), new Distribution(last));
        return new(
            $"write of a measured file → a peer holds its device contraindicated, {Devices} agents, {demo.Network}", $"p50 {one.At(50):N0} ms, p99 {one.At(99):N0} ms, max {one.Most:N0} ms",
            $"the last of its peers: p50 {all.At(50):N0} ms, max {all.Most:N0} ms; {Changes} devices, watched at the doors of the {new Distribution(peers).At(50):N0} (median) peers that had let it in", "");
    }

    private static async Task<Row> RevocationsAsync(BenchDemo demo, IEnumerable<string> gone, string how, TimeSpan rest)
    {
        var (times, last) = (new List<double>(), new List<double>());
        foreach (var device in gone)
        {
            using var limit = new CancellationTokenSource(Patience);
            await demo.SendAsync(HttpMethod.Post, $"devices/{BenchDemo.Setting(device, "name").GetString()}/revoke", new Decision("benchmark"));
            var serial = (await demo.GetAsync<RevocationView>("revocations")).Serial;
            var view = await demo.GetAsync<PropagationView>($"revocations/propagation?serial={serial}");
            while (view.Acknowledged < view.Devices)
            {
                await Task.Delay(100, limit.Token);
                view = await demo.GetAsync<PropagationView>($"revocations/propagation?serial={serial}");
            }
            times.AddRange(view.Acks.Select(ack => (double)ack.Milliseconds));
            last.Add(view.Acks.Max(ack => ack.Milliseconds));
            await Task.Delay(rest);
        }
        var (one, all) = (new Distribution(times), new Distribution(last));
        return new(
            $"revocation: signed → enforced by a device, {Devices} agents, {demo.Network}", $"p50 {one.At(50):N0} ms, p99 {one.At(99):N0} ms, max {one.Most:N0} ms",
            $"the last of all: p50 {all.At(50):N0} ms; {how}, {one.Count} acknowledgements, none missing", "p99 ≤ 1 s");
    }
}
