using System.Diagnostics;

namespace TrustMesh.Bench;

/// <summary>
/// Full peer handshakes over the loopback network, both ends in this process: TLS, five messages, both devices proved, both verdicts signed and in the
/// outbox on disk. Beside them, in alternating rounds, the same TLS without attestation. CPU time is that of both ends and of all threads.
/// </summary>
internal static class HandshakeBench
{
    private const int Rounds = 7, Each = 150, Pairs = 4;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var mesh = new BenchMesh();
        var peers = new List<BenchPeer>();
        var bare = new List<BareTls>();
        try
        {
            for (var i = 0; i < 2 * Pairs; i++) peers.Add(new(mesh, $"bench-{i}"));
            for (var i = 0; i < Pairs; i++) bare.Add(new(peers[2 * i].Sessions.Current, peers[2 * i + 1].Sessions.Current));
            Task Examine(int pair) => peers[2 * pair].ExamineAsync(peers[2 * pair + 1]);
            Task Connect(int pair) => bare[pair].ConnectAsync();
            return [await CompareAsync("one at a time", 1, Examine, Connect), await CompareAsync($"{Pairs} pairs at once on {Environment.ProcessorCount} cores", Pairs, Examine, Connect)];
        }
        finally
        {
            foreach (var one in bare) await one.DisposeAsync();
            foreach (var one in peers) await one.DisposeAsync();
        }
    }

    private static async Task<Row> CompareAsync(string how, int pairs, Func<int, Task> examine, Func<int, Task> connect)
    {
        var (full, bare) = (new List<Cost>(), new List<Cost>());
        for (var round = -2; round < Rounds; round++)
        {
            var (one, other) = (await MeasureAsync(pairs, examine), await MeasureAsync(pairs, connect));
            if (round < 0) continue;
            full.Add(one);
            bare.Add(other);
        }
        var (with, without) = (Median(full), Median(bare));
        return new(
            $"full peer handshakes, {how}", $"{1 / with.Seconds:N0}/s; {1 / with.Cpu:N0}/s per core; {with.Cpu * 1000:N2} ms CPU each, both ends together",
            $"bare mutual TLS 1.3, same certificates: {1 / without.Seconds:N0}/s; {1 / without.Cpu:N0}/s per core; {without.Cpu * 1000:N2} ms CPU; attestation: {with.Cpu / without.Cpu:N1} times the CPU", "");
    }

    /// <summary>Seconds of the clock and of the processor for one handshake.</summary>
    private static async Task<Cost> MeasureAsync(int pairs, Func<int, Task> act)
    {
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(Enumerable.Range(0, pairs).Select(pair => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) await act(pair);
        })));
        var count = (double)Each * pairs;
        return new(watch.Elapsed.TotalSeconds / count, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / count);
    }

    private static Cost Median(List<Cost> rounds)
        => new(rounds.Select(one => one.Seconds).Order().ElementAt(Rounds / 2), rounds.Select(one => one.Cpu).Order().ElementAt(Rounds / 2));

    private sealed record Cost(double Seconds, double Cpu);
}
