using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Bench.Cluster;

/// <summary>Three silos, one of them killed and started again under load; and how fast a revocation is everywhere.</summary>
internal static class FailoverBench
{
    private const int Devices = 240, Revoked = 40;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromSeconds(90);

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var started = MachineLoad.Say();
        await using var place = await BenchCluster.StartAsync("three silos", 3);
        await place.JoinAsync(Devices + Revoked);
        var spread = await RevocationsAsync(place);
        var rows = new List<Row>
        {
            new("revocation, from asking one of three silos until all three have the list that says so", $"p50 {spread.All.At(50):N0} ms, p99 {spread.All.At(99):N0} ms", $"answered by the silo asked: p50 {spread.Answered.At(50):N0} ms, p99 {spread.Answered.At(99):N0} ms; {Revoked} devices, one after the other", ""),
        };
        rows.AddRange(await KillAsync(place));
        rows.Add(new("(machine)", $"{started} to {MachineLoad.Say()}", $"{Environment.ProcessorCount} cores for silos, Redis and devices", ""));
        return rows;
    }

    private static async Task<(Distribution Answered, Distribution All)> RevocationsAsync(BenchCluster place)
    {
        HttpClient[] silos = [.. Enumerable.Range(0, 3).Select(place.Operator)];
        var (answered, all) = (new List<double>(), new List<double>());
        foreach (var device in place.Devices[Devices..])
        {
            var clock = Stopwatch.StartNew();
            var asked = AskAsync();
            await Task.WhenAll(silos.Select(silo => Task.Run(async () =>
            {
                while (!(await silo.GetFromJsonAsync<RevocationView>("revocations"))!.Devices.Any(one => one.Id == device.Id.Text && one.Standing == "revoked")) await Task.Delay(2);
            })));
            all.Add(clock.Elapsed.TotalMilliseconds);
            await asked;

            async Task AskAsync()
            {
                using var answer = await silos[0].PostAsJsonAsync($"devices/{device.Id.Text}/revoke", new Decision("measured"));
                answer.EnsureSuccessStatusCode();
                answered.Add(clock.Elapsed.TotalMilliseconds);
            }
        }
        foreach (var silo in silos) silo.Dispose();
        return (new(answered), new(all));
    }

    private static async Task<IReadOnlyList<Row>> KillAsync(BenchCluster place)
    {
        var devices = place.Devices[..Devices];
        var at = Enumerable.Range(0, Devices).Select(i => i % 3).ToArray();
        var answered = new ConcurrentDictionary<int, double>();
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var killed = double.PositiveInfinity;
        var failures = 0;
        var running = devices.Select((device, i) => Task.Run(async () =>
        {
            await Task.Delay(Interval * i / Devices);
            while (!stop.IsCancellationRequested)
            {
                var began = clock.Elapsed.TotalSeconds;
                try
                {
                    await device.ProveAsync();
                    if (began > Volatile.Read(ref killed)) answered.TryAdd(i, clock.Elapsed.TotalSeconds);
                    await Task.Delay(Interval);
                }
                catch (Exception)
                {
                    Interlocked.Increment(ref failures);
                    await ReconnectAsync(device, i);
                }
            }
        })).ToList();
        await Task.Delay(Interval * 2);
        var victim = place.Silos[2];
        await victim.KillAsync();
        Volatile.Write(ref killed, clock.Elapsed.TotalSeconds);
        var limit = clock.Elapsed + Longest;
        while (answered.Count < Devices && clock.Elapsed < limit) await Task.Delay(20);
        var waits = new Distribution(answered.Values.Select(one => one - killed));
        var missing = Devices - answered.Count;
        var duties = await UntilAsync(place, clock, views => views.Where(view => view.Health == "active").Sum(view => view.Shards.Count(duty => duty.StartsWith("shard", StringComparison.Ordinal))) == 32);
        var whole = clock.Elapsed.TotalSeconds - killed;
        var back = clock.Elapsed.TotalSeconds;
        // Until the others take it for dead it may be told to wait; whoever keeps it running starts it again.
        while (!await victim.TryStartAsync()) await Task.Delay(500);
        var up = clock.Elapsed.TotalSeconds - back;
        var even = await UntilAsync(place, clock, views => views.Count(view => view.Health == "active") == 3 && views.Where(view => view.Health == "active").All(view => view.Share is > 0.23 and < 0.44 && view.Shards.Count(duty => duty.StartsWith("shard", StringComparison.Ordinal)) >= 4));
        var shared = clock.Elapsed.TotalSeconds - back;
        await stop.CancelAsync();
        await Task.WhenAll(running);
        var last = await ViewsAsync(place);
        return
        [
            new("kill -9 of one of three silos: until every device was answered again", $"{waits.Most:N1} s", $"p50 {waits.At(50):N1} s, p90 {waits.At(90):N1} s; {Devices} devices that prove themselves every {Interval.TotalSeconds:N0} s, {missing} never answered, {failures} calls failed; all shards held again {(duties ? $"at most {whole:N1} s after the kill" : "not within the time")}", ""),
            new("the silo started again: until shares are even", even ? $"{shared:N1} s" : $"not within {Longest.TotalSeconds:N0} s", $"ready after {up:N1} s; then {string.Join(", ", last.Select(view => $"{view.Name} {view.Share:P0} of twins, {view.Shards.Count} duties"))}", ""),
        ];

        async Task ReconnectAsync(LoadDevice device, int i)
        {
            for (var tries = 0; tries < 100 && !stop.IsCancellationRequested; tries++)
            {
                try
                {
                    await device.ConnectAsync(place.Silos[at[i]].Devices);
                    return;
                }
                catch (Exception)
                {
                    // The next silo, as an agent with several addresses does.
                    at[i] = (at[i] + 1) % 3;
                    await Task.Delay(100);
                }
            }
        }
    }

    private static async Task<bool> UntilAsync(BenchCluster place, Stopwatch clock, Func<IReadOnlyList<SiloView>, bool> good)
    {
        var limit = clock.Elapsed + Longest;
        while (clock.Elapsed < limit)
        {
            if (good(await ViewsAsync(place))) return true;
            await Task.Delay(100);
        }
        return false;
    }

    private static async Task<IReadOnlyList<SiloView>> ViewsAsync(BenchCluster place)
    {
        using var client = place.Operator(0);
        using var answer = await client.GetAsync("silos");
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<IReadOnlyList<SiloView>>())! : [];
    }
}
