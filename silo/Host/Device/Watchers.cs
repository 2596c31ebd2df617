using System.Collections.Concurrent;
using TrustMesh.Wire;

namespace TrustMesh.Host.Device;

/// <summary>
/// Who waits for news (PROTOCOL.md section 16): one request of each device, and what it is to be asked. A waiting device costs a few hundred
/// bytes beside its connection and no work until there is something for it. Thread-safe.
/// </summary>
public sealed class Watchers(TimeProvider time)
{
    /// <summary>Between an answer and the next request a device counts as connected for so long.</summary>
    private static readonly TimeSpan Returning = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<DeviceId, Seat> seats = new();

    /// <summary>Devices that wait right now.</summary>
    public int Waiting => seats.Values.Count(seat => seat.Watch is not null);

    /// <summary>Takes the device's seat; a request that was there before is answered with nothing.</summary>
    public Watch Enter(DeviceId device)
    {
        var watch = new Watch();
        while (true)
        {
            var seat = seats.GetOrAdd(device, static _ => new());
            Watch? before;
            lock (seat)
            {
                // Swept between our look and our lock: nobody would wake us on it.
                if (seat.Gone) continue;
                (before, seat.Watch) = (seat.Watch, watch);
            }
            before?.End();
            return watch;
        }
    }

    /// <summary>The request is answered.</summary>
    /// <param name="gone">Nobody was there to answer any more.</param>
    public void Leave(DeviceId device, Watch watch, bool gone)
    {
        if (!seats.TryGetValue(device, out var seat)) return;
        lock (seat)
        {
            if (seat.Watch != watch) return;
            (seat.Watch, seat.LeftAt) = (null, gone ? DateTimeOffset.MinValue : time.GetUtcNow());
        }
    }

    public void Wake(DeviceId device)
    {
        if (!seats.TryGetValue(device, out var seat)) return;
        Watch? watch;
        lock (seat) watch = seat.Watch;
        watch?.Wake();
    }

    public void WakeAll()
    {
        foreach (var (_, seat) in seats)
        {
            Watch? watch;
            lock (seat) watch = seat.Watch;
            watch?.Wake();
        }
    }

    /// <summary>Asks the device to examine a peer now; false if it is not connected.</summary>
    public bool Nudge(DeviceId device, DeviceId peer)
    {
        if (!seats.TryGetValue(device, out var seat)) return false;
        lock (seat)
        {
            if (!IsThere(seat)) return false;
            // As many as an answer carries; what is asked beyond it is asked already often enough.
            if (seat.Nudges.Count < Caps.AssignedPeerCount && !seat.Nudges.Contains(peer)) seat.Nudges.Add(peer);
        }
        Wake(device);
        return true;
    }

    /// <summary>Takes what the device is to be asked.</summary>
    public IReadOnlyList<DeviceId> TakeNudges(DeviceId device)
    {
        if (!seats.TryGetValue(device, out var seat)) return [];
        lock (seat)
        {
            if (seat.Nudges.Count == 0) return [];
            DeviceId[] nudges = [.. seat.Nudges];
            seat.Nudges.Clear();
            return nudges;
        }
    }

    /// <summary>Forgets devices that have not come back.</summary>
    public void Sweep()
    {
        foreach (var (device, seat) in seats)
            lock (seat)
            {
                if (IsThere(seat)) continue;
                seat.Gone = true;
                seats.TryRemove(new(device, seat));
            }
    }

    private bool IsThere(Seat seat) => seat.Watch is not null || time.GetUtcNow() - seat.LeftAt < Returning;

    private sealed class Seat
    {
        public Watch? Watch { get; set; }

        public DateTimeOffset LeftAt { get; set; }

        public bool Gone { get; set; }

        public List<DeviceId> Nudges { get; } = [];
    }
}
