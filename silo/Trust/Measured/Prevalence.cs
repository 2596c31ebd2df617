using TrustMesh.Trust.Directory;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Measured;

/// <summary>
/// How many active devices of a model report which value of which measured name. It is counted as entries of the directory change, from what the twins' rows say, so
/// it is right after a restart and at every silo, and asking costs a look-up. Only active devices count: whoever has not been let in cannot make a value look common.
/// Bounded (attack A42): <see cref="MeasuredKeys.Most"/> names of a device, <see cref="MostNames"/> of all models, <see cref="MostValues"/> of a name. Thread-safe.
/// </summary>
/// <param name="appeared">Told model, name and value when a value is there that nobody had. Called under the lock.</param>
public sealed class Prevalence(Action<string, ulong, ulong>? appeared = null)
{
    public const int MostNames = 65_536, MostValues = 1_024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Dictionary<ulong, ValueTally>> models = new(StringComparer.Ordinal);
    private int names;

    /// <summary>Names were left out. No others come in from then on, or one could be counted out that never was counted in.</summary>
    private bool full;

    /// <summary>The same counts before and after.</summary>
    public static bool IsSame(DeviceEntry? before, DeviceEntry after)
        => Keys(before).SequenceEqual(Keys(after)) && (before?.Model == after.Model || Keys(after).IsEmpty);

    /// <summary>Counts a change of an entry, if it takes place. Under one lock: what changes counts changes them in the order of the entries.</summary>
    /// <param name="all">Every entry there is.</param>
    public bool Change(DeviceEntry? before, DeviceEntry after, Func<bool> replace, IEnumerable<DeviceEntry> all)
    {
        lock (gate)
        {
            if (!replace()) return false;
            // In this order, so that what stays never goes to nothing in between.
            Add(after);
            if (before is not null) Remove(before, all);
            return true;
        }
    }

    /// <summary>How many report this value.</summary>
    /// <param name="name">See <see cref="MeasuredKeys"/>.</param>
    /// <param name="digest">32 bytes, empty where the file is absent.</param>
    public ValueShare Find(string model, ulong name, ReadOnlySpan<byte> digest)
    {
        lock (gate)
            return models.TryGetValue(model, out var known) && known.TryGetValue(name, out var tally) ? tally.Share(MeasuredKeys.Value(digest)) : new(full ? null : 0, 0, 0);
    }

    /// <summary>Values of a model that are not accepted, those that most devices have first.</summary>
    /// <param name="accepted">Of each name that is looked at, the values that are.</param>
    public IReadOnlyList<Outlier> Outliers(string model, IEnumerable<(string Name, ulong Key, IReadOnlySet<ulong> Values)> accepted)
    {
        var found = new List<Outlier>();
        lock (gate)
        {
            if (!models.TryGetValue(model, out var known)) return found;
            foreach (var (name, key, values) in accepted)
            {
                if (!known.TryGetValue(key, out var tally)) continue;
                var most = tally.Most();
                found.AddRange(tally.Values.Where(one => !values.Contains(one.Key)).Select(one => new Outlier(model, name, key, one.Key, new(one.Value.Devices, tally.Devices, most), one.Value.Last)));
            }
        }
        return [.. found.OrderByDescending(one => one.Share.Seen).ThenBy(one => one.Name, StringComparer.Ordinal).ThenBy(one => one.Value)];
    }

    private static ReadOnlySpan<byte> Keys(DeviceEntry? entry) => entry is { Standing: Standing.Active } ? entry.Measured.Span : default;

    private void Add(DeviceEntry entry)
    {
        var keys = Keys(entry);
        if (keys.IsEmpty) return;
        if (!models.TryGetValue(entry.Model, out var known)) models[entry.Model] = known = [];
        for (var i = 0; i < MeasuredKeys.Count(keys); i++)
        {
            var (name, value) = MeasuredKeys.At(keys, i);
            if (!known.TryGetValue(name, out var tally))
            {
                if (full |= names >= MostNames) continue;
                known[name] = tally = new();
                names++;
            }
            if (tally.Add(value, entry.Device)) appeared?.Invoke(entry.Model, name, value);
        }
        if (known.Count == 0) models.Remove(entry.Model);
    }

    private void Remove(DeviceEntry entry, IEnumerable<DeviceEntry> all)
    {
        var keys = Keys(entry);
        if (!models.TryGetValue(entry.Model, out var known)) return;
        for (var i = 0; i < MeasuredKeys.Count(keys); i++)
        {
            var (name, value) = MeasuredKeys.At(keys, i);
            if (!known.TryGetValue(name, out var tally)) continue;
            tally.Remove(value);
            if (tally.IsOutdated) known[name] = Counted(entry.Model, name, all);
            if (tally.Devices > 0) continue;
            known.Remove(name);
            names--;
        }
        if (known.Count == 0) models.Remove(entry.Model);
    }

    /// <summary>A name counted from the entries themselves; what they count for changes under the lock only.</summary>
    private ValueTally Counted(string model, ulong wanted, IEnumerable<DeviceEntry> all)
    {
        var tally = new ValueTally();
        foreach (var entry in all.Where(entry => entry.Model == model))
        {
            var keys = Keys(entry);
            for (var i = 0; i < MeasuredKeys.Count(keys); i++)
            {
                var (name, value) = MeasuredKeys.At(keys, i);
                if (name != wanted) continue;
                if (tally.Add(value, entry.Device)) appeared?.Invoke(model, name, value);
                break;
            }
        }
        return tally;
    }
}
