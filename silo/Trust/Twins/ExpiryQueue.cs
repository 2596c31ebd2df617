using TrustMesh.Wire;

namespace TrustMesh.Trust.Twins;

/// <summary>
/// Wakes twins when they are due: one timer for the earliest of all, never one per device, never polling. A device has one place in the
/// queue; when it comes up and the device has proven itself meanwhile, it moves to its new time. Thread-safe.
/// </summary>
public sealed class ExpiryQueue : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(7);

    private readonly Lock gate = new();
    private readonly PriorityQueue<DeviceId, long> queue = new();
    private readonly Dictionary<DeviceId, (long Due, long Queued)> dues = [];
    private readonly Action<DeviceId> wake;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private long armed = long.MaxValue;

    /// <param name="wake">Called outside the lock, on the timer's thread; must not block.</param>
    public ExpiryQueue(Action<DeviceId> wake, TimeProvider time)
    {
        (this.wake, this.time) = (wake, time);
        timer = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The device is due then, instead of whenever it was due before; null takes it out.</summary>
    public void Set(DeviceId device, DateTimeOffset? due)
    {
        lock (gate)
        {
            if (due is not { } at)
            {
                dues.Remove(device);
                return;
            }
            var ticks = at.UtcTicks;
            // Queued earlier already: its turn comes, is found to be too soon, and moves on.
            if (dues.TryGetValue(device, out var known) && known.Queued <= ticks)
            {
                dues[device] = (ticks, known.Queued);
                return;
            }
            dues[device] = (ticks, ticks);
            queue.Enqueue(device, ticks);
            Arm();
        }
    }

    public void Dispose() => timer.Dispose();

    private void Ring()
    {
        var now = time.GetUtcNow().UtcTicks;
        var due = new List<DeviceId>();
        lock (gate)
        {
            armed = long.MaxValue;
            while (queue.TryPeek(out var device, out var at) && at <= now)
            {
                queue.Dequeue();
                // An entry that is not the device's present one is left over from an earlier time.
                if (!dues.TryGetValue(device, out var known) || known.Queued != at) continue;
                if (known.Due <= now)
                {
                    dues.Remove(device);
                    due.Add(device);
                    continue;
                }
                dues[device] = (known.Due, known.Due);
                queue.Enqueue(device, known.Due);
            }
            Arm();
        }
        foreach (var device in due) wake(device);
    }

    private void Arm()
    {
        if (!queue.TryPeek(out _, out var at) || at >= armed) return;
        armed = at;
        var wait = TimeSpan.FromTicks(Math.Max(0, at - time.GetUtcNow().UtcTicks));
        // Timers count whole milliseconds: one more, so that ringing is never before the time.
        timer.Change(wait > LongestTimer ? LongestTimer : wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
