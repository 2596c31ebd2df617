using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Grains;

namespace TrustMesh.Orleans.Hosting;

/// <summary>What devices say of status lists, told to the other silos together, a few times a second. What is lost a device says again. Thread-safe.</summary>
internal sealed class AckOutlet(IGrainFactory grains, ILogger log, TimeProvider time)
{
    private const int MostWaiting = 100_000, MostTogether = 2_000;
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<Acknowledgement> waiting = new();
    private readonly ConcurrentDictionary<Wire.DeviceId, long> told = new();
    private int sending;

    public void Add(Acknowledgement acknowledgement)
    {
        // With every question a device says it again; once is enough.
        if (told.TryGetValue(acknowledgement.Device, out var serial) && serial == acknowledgement.Serial) return;
        if (waiting.Count >= MostWaiting) return;
        told[acknowledgement.Device] = acknowledgement.Serial;
        waiting.Enqueue(acknowledgement);
        if (Interlocked.Exchange(ref sending, 1) == 0) _ = SendAsync();
    }

    private async Task SendAsync()
    {
        await Task.Delay(Together, time);
        Volatile.Write(ref sending, 0);
        while (!waiting.IsEmpty)
        {
            var some = new List<Acknowledgement>();
            while (some.Count < MostTogether && waiting.TryDequeue(out var one)) some.Add(one);
            try
            {
                await grains.GetGrain<IAuthorityGrain>(0).AcknowledgeAsync([.. some]);
            }
            catch (Exception failed) when (Trouble.IsPassing(failed))
            {
                foreach (var one in some) told.TryRemove(one.Device, out _);
                log.Untold($"{some.Count} acknowledgements", failed.Message);
                return;
            }
        }
    }
}
