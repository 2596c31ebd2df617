using System.Diagnostics;
using TrustMesh.Agent.Identity;

namespace TrustMesh.Bench;

/// <summary>
/// Evidence through the whole silo: mutual TLS, HTTP, verification, twin, signed result, SQLite with synchronous=FULL before the answer. Silo and
/// load share this process and this machine's cores, so the devices' signing and TLS are in the figure.
/// </summary>
internal static class HttpBench
{
    private const int Devices = 64;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(5), Measured = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var silo = await BenchSilo.StartAsync(residentTwins: 1_000);
        var made = await silo.Process.Silo.Tokens.CreateAsync(new(Devices, 3600, AutoApprove: true), "bench", CancellationToken.None);
        if (!JoinToken.TryParse(made.Token!, out var token)) throw new InvalidOperationException("the silo's join token is not one for the agent");
        var devices = new List<LoadDevice>();
        try
        {
            for (var i = 0; i < Devices; i++)
            {
                devices.Add(new());
                await devices[i].JoinAsync(silo.Process.DeviceAddress, token!, $"load-{i}");
            }
            foreach (var device in devices) await device.ProveAsync();
            var good = await silo.Process.Silo.Place.Twin(devices[0].Id).ReadAsync(CancellationToken.None);
            await silo.Process.Silo.References.LearnAsync(good!, CancellationToken.None);

            var accepted = new int[Devices];
            var clock = Stopwatch.StartNew();
            var end = Warmup + Measured;
            await Task.WhenAll(devices.Select((device, i) => Task.Run(async () =>
            {
                while (clock.Elapsed < end)
                {
                    await device.ProveAsync();
                    if (clock.Elapsed > Warmup) accepted[i]++;
                }
            })));
            var rate = accepted.Sum() / Measured.TotalSeconds;
            return [new("evidence over HTTP, verified, durable, answered with a signed result", $"{rate:N0}/s", $"{Devices} devices with software roots in the same process, {Environment.ProcessorCount} cores", "≥ 5,000/s on 2 cores")];
        }
        finally
        {
            foreach (var device in devices) device.Dispose();
        }
    }
}
