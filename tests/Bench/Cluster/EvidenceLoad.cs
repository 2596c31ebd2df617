using System.Diagnostics;

namespace TrustMesh.Bench.Cluster;

/// <summary>Devices that prove themselves: as fast as they are answered, or so many a second together.</summary>
internal static class EvidenceLoad
{
    /// <summary>Rate a second and latencies in milliseconds of what was accepted in that time, without the first fifth, which is for warming up; and how many were accepted in all.</summary>
    /// <param name="perSecond">0: as fast as they are answered.</param>
    public static async Task<(double Rate, Distribution Took, int All)> RunAsync(IReadOnlyList<LoadDevice> devices, TimeSpan during, double perSecond = 0)
    {
        var (warm, pace) = (during / 5, perSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(devices.Count / perSecond));
        var took = devices.Select(_ => new List<double>()).ToArray();
        var all = new int[devices.Count];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(devices.Select((device, i) => Task.Run(async () =>
        {
            for (var due = pace * i / devices.Count; clock.Elapsed < during; due += pace)
            {
                if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
                var asked = clock.Elapsed;
                await device.ProveAsync();
                all[i]++;
                if (asked > warm) took[i].Add((clock.Elapsed - asked).TotalMilliseconds);
            }
        })));
        return (took.Sum(one => one.Count) / (clock.Elapsed - warm).TotalSeconds, new(took.SelectMany(one => one)), all.Sum());
    }
}
