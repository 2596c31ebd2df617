using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>
/// How far status lists have come (attack A35). Devices say with every watch which list they enforce, since when, and how many they never saw;
/// so nothing is stored: after a restart of the silo they say it again, with the same times. Of the newest lists each acknowledgement is kept,
/// of all others only that a device has a newer one. Thread-safe.
/// </summary>
public sealed class Propagation(TimeProvider time)
{
    /// <summary>Lists whose acknowledgements are kept; one that changed nothing goes before one that did.</summary>
    public const int Lists = 16;

    /// <summary>Lines of a view; the figures are over all.</summary>
    public const int MostLines = 10_000;

    private readonly Lock gate = new();
    private readonly SortedList<long, Spread> lists = [];
    private readonly Dictionary<DeviceId, long> newest = [];

    /// <summary>A list is in force.</summary>
    public void Begin(StatusIssue issue)
    {
        lock (gate)
        {
            lists[issue.Serial] = new(issue.IssuedAt, issue.Changes.Count > 0);
            if (lists.Count <= Lists) return;
            lists.Remove(lists.Take(lists.Count - 1).Where(list => !list.Value.Changed).Select(list => (long?)list.Key).FirstOrDefault() ?? lists.Keys[0]);
        }
    }

    /// <param name="serial">Of the list the device enforces; 0 for none. A serial that was never given counts for nothing.</param>
    /// <param name="enforcedMs">For how long.</param>
    /// <param name="gaps">Lists before it that it never saw.</param>
    public void Acknowledge(DeviceId device, long serial, long enforcedMs, long gaps)
    {
        var now = time.GetUtcMillisecond();
        lock (gate)
        {
            if (serial <= 0 || lists.Count == 0 || serial > lists.Keys[^1]) return;
            newest[device] = Math.Max(serial, newest.GetValueOrDefault(device));
            if (!lists.TryGetValue(serial, out var spread)) return;
            var took = (long)(now - spread.IssuedAt).TotalMilliseconds;
            // Clocks and words of devices: never before the list was signed.
            spread.Acks.TryAdd(device, (Math.Max(0, took - Math.Min(enforcedMs, Math.Max(0, took))), gaps));
        }
    }

    /// <param name="serial">Null for the list in force.</param>
    /// <returns>Null if that list is not one of those that are kept.</returns>
    public PropagationView? View(long? serial, IEnumerable<DeviceEntry> devices)
    {
        var active = devices.Where(entry => entry.Standing == Standing.Active).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        lock (gate)
        {
            if (lists.Count == 0 || !lists.TryGetValue(serial ?? lists.Keys[^1], out var spread)) return null;
            var asked = serial ?? lists.Keys[^1];
            var acks = active.Where(entry => spread.Acks.ContainsKey(entry.Device))
                .Select(entry => new RevocationAck(entry.Device.Text, entry.Name, spread.Acks[entry.Device].Milliseconds, spread.Acks[entry.Device].Gaps)).ToList();
            var waiting = active.Where(entry => newest.GetValueOrDefault(entry.Device) < asked).Select(entry => entry.Name).ToList();
            var times = acks.Select(ack => ack.Milliseconds).Order().ToList();
            return new(asked, spread.IssuedAt, active.Count, active.Count - waiting.Count, At(times, 50), At(times, 99),
                [.. acks.OrderByDescending(ack => ack.Milliseconds).Take(MostLines)], [.. waiting.Take(MostLines)]);
        }
    }

    /// <summary>Nearest rank; null of nothing.</summary>
    private static long? At(List<long> ascending, int percent) => ascending.Count == 0 ? null : ascending[(ascending.Count * percent + 99) / 100 - 1];

    private sealed record Spread(DateTimeOffset IssuedAt, bool Changed)
    {
        public Dictionary<DeviceId, (long Milliseconds, long Gaps)> Acks { get; } = [];
    }
}
