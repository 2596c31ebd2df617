using Microsoft.Extensions.Logging;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Grains;

/// <summary>Wakes the twins of a shard when their verdicts run out, so many at a time: no reminder per device, and no timer but one.</summary>
internal sealed class ShardClock : IDisposable
{
    /// <summary>All shards together look at some hundred: after an outage that was longer than verdicts last, every device is due at one moment.</summary>
    private const int AtOnce = 8;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim looking = new(AtOnce);
    private readonly Func<DeviceId, IDeviceTwin> twins;
    private readonly Action<TwinState> proven;
    private readonly ILogger log;
    private readonly TimeProvider time;
    private readonly ExpiryQueue queue;
    private volatile bool ended;

    /// <param name="proven">Told of a twin that was not due: it has proven itself since, and the shard did not hear of it.</param>
    public ShardClock(Func<DeviceId, IDeviceTwin> twins, Action<TwinState> proven, ILogger log, TimeProvider time)
    {
        (this.twins, this.proven, this.log, this.time) = (twins, proven, log, time);
        queue = new(device => _ = Task.Run(() => LookAsync(device)), time);
    }

    public void Set(DeviceId device, DateTimeOffset? due) => queue.Set(device, due);

    public void Dispose()
    {
        ended = true;
        queue.Dispose();
    }

    private async Task LookAsync(DeviceId device)
    {
        await looking.WaitAsync();
        try
        {
            // Without that nobody would look at it again, and lists and graph would show an old proof until the next.
            if (!ended && await twins(device).ReadAsync(CancellationToken.None) is { DueAt: not null } state) proven(state);
        }
        catch (Exception failed) when (Trouble.IsPassing(failed) || failed is UnreadableTwinException)
        {
            // The verdict is expired all the same: freshness is computed from the clock. Only the line in the timeline waits for the next try.
            log.ExpiryFailed(device, failed.Message);
            if (!ended) queue.Set(device, time.GetUtcNow() + Again);
        }
        finally
        {
            looking.Release();
        }
    }
}
