using System.Collections.Concurrent;
using TrustMesh.Contracts;
using TrustMesh.Trust.Measured;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Directory;

/// <summary>
/// All devices of the mesh, one <see cref="DeviceEntry"/> each. Rebuilt from storage at start, kept current by publications of the twins.
/// Thread-safe. Freshness is computed when asked, so nothing here goes stale by itself.
/// </summary>
/// <param name="prevalence">Counts what its devices measured; null: one of its own.</param>
public sealed class DeviceDirectory(TimeProvider time, Prevalence? prevalence = null)
{
    private const int MostWords = 1_000;

    private readonly ConcurrentDictionary<DeviceId, DeviceEntry> entries = new();
    private readonly ConcurrentDictionary<DeviceId, string> unreadable = new();
    /// <summary>Words that many devices say alike, of which one copy is kept; no more of them than <see cref="MostWords"/>, as devices choose them (attack A42).</summary>
    private readonly ConcurrentDictionary<string, string> words = new();

    /// <summary>What many devices measured alike, of which one copy is kept; likewise bounded.</summary>
    private readonly ConcurrentDictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> measured = new(new BytesComparer());

    /// <summary>Ids in the order of a list, and the generation they were sorted in.</summary>
    private Tuple<int, DeviceId[]> order = Tuple.Create(0, Array.Empty<DeviceId>());

    /// <summary>Rises when a device comes or changes its name.</summary>
    private int generation;

    public int Count => entries.Count;

    /// <summary>How common what devices measured is.</summary>
    public Prevalence Prevalence { get; } = prevalence ?? new();

    /// <summary>Devices whose stored state cannot be read, and why (attack A43).</summary>
    public IReadOnlyDictionary<DeviceId, string> Unreadable => unreadable;

    public IEnumerable<DeviceEntry> Entries => entries.Values;

    /// <summary>By name, then id, as lists have them.</summary>
    public IReadOnlyList<DeviceId> ByName => Ordered();

    /// <summary>Takes the entry unless a newer version is here already. True if it is news.</summary>
    public bool Put(DeviceEntry entry)
    {
        // It can be read, so its row was restored.
        if (!unreadable.IsEmpty) unreadable.TryRemove(entry.Device, out _);
        if (entry.Agent is not null || entry.Firmware is not null || entry.Fault is not null)
            entry = entry with { Agent = Shared(entry.Agent), Firmware = Shared(entry.Firmware), Fault = Shared(entry.Fault) };
        if (entry.Tags.Count > 0) entry = entry with { Tags = Shared(entry) };
        if (entry.Measured.Length > 0) entry = entry with { Measured = SharedMeasured(entry) };
        while (true)
        {
            var known = entries.GetValueOrDefault(entry.Device);
            if (known is not null && known.Version > entry.Version) return false;
            if (!(Prevalence.IsSame(known, entry) ? Replace(known, entry) : ReplaceCounted(known, entry))) continue;
            if (known?.Name != entry.Name) Interlocked.Increment(ref generation);
            return true;
        }
    }

    /// <summary>Isolates a device that cannot be read.</summary>
    public void Isolate(DeviceId device, string why) => unreadable[device] = why;

    public bool TryGet(DeviceId device, out DeviceEntry entry) => entries.TryGetValue(device, out entry!);

    /// <summary>Look to number of devices; every look is there.</summary>
    public IReadOnlyDictionary<string, int> CountLooks()
    {
        var now = time.GetUtcNow();
        var counts = Looks.All.ToDictionary(look => look, _ => 0);
        foreach (var entry in entries.Values) counts[entry.Look(now)]++;
        return counts;
    }

    /// <summary>A full id, a prefix of one (6 characters or more), the 8 shown characters, or a name; it must mean one device.</summary>
    public LookupResult Find(string text)
    {
        if (DeviceId.TryParse(text, out var id)) return entries.TryGetValue(id, out var exact) ? new(exact, 1) : new(null, 0);
        DeviceEntry? found = null;
        var matches = 0;
        foreach (var entry in entries.Values)
        {
            if (entry.Name != text && entry.Device.Short != text && !(text.Length >= 6 && entry.Device.Text.StartsWith(text, StringComparison.Ordinal))) continue;
            found = entry;
            matches++;
        }
        return matches == 1 ? new(found, 1) : new(null, matches);
    }

    public DevicePage List(DeviceQuery query)
    {
        var now = time.GetUtcNow();
        var items = new List<DeviceSummary>();
        var total = 0;
        string? next = null;
        DeviceEntry? last = null;
        foreach (var device in Ordered())
        {
            if (!entries.TryGetValue(device, out var entry)) continue;
            if (query.Look is { } look && entry.Look(now) != look || !query.Query.IsEmpty && !query.Query.Matches(entry.Facts(now), now)) continue;
            total++;
            if (query.Cursor is { } cursor && string.CompareOrdinal(Key(entry), cursor) <= 0) continue;
            if (items.Count == query.Limit) next ??= Key(last!);
            else items.Add((last = entry).Summary(now));
        }
        return new(items, next, total);
    }

    private string? Shared(string? word)
    {
        if (word is null) return null;
        if (words.TryGetValue(word, out var known)) return known;
        return words.Count < MostWords ? words.GetOrAdd(word, word) : word;
    }

    /// <summary>Tags change seldom and proofs come all the time: the list that is here stays, and one that is new has its words from where others have them.</summary>
    private IReadOnlyList<string> Shared(DeviceEntry entry)
        => entries.TryGetValue(entry.Device, out var known) && known.Tags.SequenceEqual(entry.Tags) ? known.Tags : [.. entry.Tags.Select(tag => Shared(tag)!)];

    /// <summary>Devices of a model mostly measure the same, and of one device it stays the same from proof to proof.</summary>
    private ReadOnlyMemory<byte> SharedMeasured(DeviceEntry entry)
    {
        if (entries.TryGetValue(entry.Device, out var before) && before.Measured.Span.SequenceEqual(entry.Measured.Span)) return before.Measured;
        if (measured.TryGetValue(entry.Measured, out var known)) return known;
        return measured.Count < MostWords ? measured.GetOrAdd(entry.Measured, entry.Measured) : entry.Measured;
    }

    private bool ReplaceCounted(DeviceEntry? known, DeviceEntry entry) => Prevalence.Change(known, entry, () => Replace(known, entry), entries.Select(one => one.Value));

    private bool Replace(DeviceEntry? known, DeviceEntry entry) => known is null ? entries.TryAdd(entry.Device, entry) : entries.TryUpdate(entry.Device, entry, known);

    /// <summary>Keys stand in the order of names: what separates comes before everything that a name can have in it, a space too.</summary>
    private static string Key(DeviceEntry entry) => $"{entry.Name}\t{entry.Device.Text}";

    private DeviceId[] Ordered()
    {
        var (sortedIn, ids) = Volatile.Read(ref order);
        var current = Volatile.Read(ref generation);
        if (sortedIn == current) return ids;
        var all = entries.Values.ToArray();
        Array.Sort(all, (a, b) => string.CompareOrdinal(a.Name, b.Name) is var byName and not 0 ? byName : string.CompareOrdinal(a.Device.Text, b.Device.Text));
        ids = [.. all.Select(entry => entry.Device)];
        Volatile.Write(ref order, Tuple.Create(current, ids));
        return ids;
    }

    private sealed class BytesComparer : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public bool Equals(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => one.Span.SequenceEqual(other.Span);

        public int GetHashCode(ReadOnlyMemory<byte> bytes)
        {
            var hash = new HashCode();
            hash.AddBytes(bytes.Span);
            return hash.ToHashCode();
        }
    }
}
