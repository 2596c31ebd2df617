using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using TrustMesh.Host;
using TrustMesh.Host.Settings;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Bench.Cluster;

/// <summary>
/// What twins cost in memory and what it takes to get them there; lines of the log. Devices join and prove themselves at a silo of
/// its own; then that silo leaves, and this process opens the same mesh, where nothing but the silo is.
/// </summary>
internal static class TwinBench
{
    private const int Twins = 1_500, Callers = 512;
    private static readonly TimeSpan Appending = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var started = MachineLoad.Say();
        var rows = new List<Row>();
        foreach (var (name, silos) in ((string, int)[])[("embedded, SQLite", 0), ("Orleans, Redis", 1)])
        {
            await using var place = await BenchCluster.StartAsync(name, silos);
            await place.JoinAsync(Twins, stay: false);
            DeviceId[] ids = [.. place.Devices.Select(device => device.Id)];
            await place.Silos[0].LeaveAsync();
            var (settings, errors) = SettingsReader.Read(place.Silos[0].Arguments);
            if (settings is null) throw new InvalidOperationException(string.Join(' ', errors));
            await using var process = await SiloProcess.StartAsync(settings, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
            rows.Add(await ReadAsync(name, process.Silo));
            rows.Add(await ActivateAsync(name, process.Silo, ids));
            rows.AddRange(await LogsAsync(name, process.Silo));
        }
        rows.Add(new("(machine)", $"{started} to {MachineLoad.Say()}", $"{Environment.ProcessorCount} cores for silos, stores and devices", ""));
        return rows;
    }

    private static async Task<Row> ReadAsync(string name, Silo silo)
    {
        var (clock, read) = (Stopwatch.StartNew(), 0);
        await foreach (var _ in silo.Place.TwinStore.LoadAllAsync(CancellationToken.None)) read++;
        return new($"all twins read from the store, {name}", $"{read / clock.Elapsed.TotalSeconds:N0}/s", $"{read:N0} rows; what rebuilding the index takes", "");
    }

    private static async Task<Row> ActivateAsync(string name, Silo silo, DeviceId[] ids)
    {
        await silo.Place.Twin(ids[0]).ReadAsync(CancellationToken.None);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, true, true);
        var (managed, whole) = (GC.GetTotalMemory(forceFullCollection: true), MachineLoad.PrivateBytes());
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(ids[1..], new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (id, _) =>
        {
            if (await silo.Place.Twin(id).ReadAsync(CancellationToken.None) is null) throw new InvalidOperationException($"{id} is gone");
        });
        var took = clock.Elapsed;
        var each = (GC.GetTotalMemory(forceFullCollection: true) - managed) / (ids.Length - 1.0);
        var all = (MachineLoad.PrivateBytes() - whole) / (ids.Length - 1.0);
        return new($"twins brought into memory, {name}", $"{(ids.Length - 1) / took.TotalSeconds:N0}/s; {each:N0} B managed, {all:N0} B private each", $"{ids.Length:N0} devices with ten measured files, proven once; 64 asked at a time", "");
    }

    private static async Task<IReadOnlyList<Row>> LogsAsync(string name, Silo silo)
    {
        var authority = new MeshAuthority(silo.AuthorityKey, "bench-logs", TimeProvider.System);
        var rates = new List<(int Logs, double Rate)>();
        foreach (var logs in (int[])[1, 4])
        {
            var writers = Enumerable.Range(0, logs).Select(number => new LogWriter(authority, logs * 8 + number, silo.Place.Records, TimeProvider.System)).ToList();
            foreach (var writer in writers) await writer.OpenAsync(true, CancellationToken.None);
            rates.Add((logs, await AppendAsync(caller => writers[caller % logs])));
        }
        var whole = await AppendAsync(_ => silo.Place.Log);
        return
        [
            new($"log lines acknowledged, {name}", string.Join("; ", rates.Select(one => $"{one.Logs} log{(one.Logs == 1 ? "" : "s")} {one.Rate:N0}/s")),
                $"{Callers} callers with one line each at a time; 4 logs are {rates[1].Rate / rates[0].Rate:N2} of 1; as twins of this silo reach {(name.StartsWith("emb", StringComparison.Ordinal) ? "it" : "its 4 log grains")}: {whole:N0}/s", ""),
        ];
    }

    private static async Task<double> AppendAsync(Func<int, IMeshLog> log)
    {
        var done = new long[Callers];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var device = DeviceId.FromRootKey(BitConverter.GetBytes(caller));
            for (var i = 0; clock.Elapsed < Appending; i++, done[caller]++)
                await log(caller).AppendAsync([new(DateTimeOffset.UtcNow, EventKind.Verdict, device, $"load-{caller}", "affirming", TwinEvent.Device, i + 1)], CancellationToken.None);
        })));
        return done.Sum() / clock.Elapsed.TotalSeconds;
    }
}
