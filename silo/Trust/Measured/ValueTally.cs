using TrustMesh.Wire;

namespace TrustMesh.Trust.Measured;

/// <summary>
/// The values of one name of one model. At most so many are told apart; further ones are only counted together, until there is room and somebody counts anew: so the
/// devices of a value are either all in its own count or all among the others. Not thread-safe.
/// </summary>
internal sealed class ValueTally
{
    private readonly Dictionary<ulong, (int Devices, DeviceId Last)> values = [];

    /// <summary>Devices that measure the name.</summary>
    public int Devices { get; private set; }

    /// <summary>Devices whose value is not told apart.</summary>
    public int Others { get; private set; }

    /// <summary>Each with a device that reported it, the last one that came to.</summary>
    public IReadOnlyDictionary<ulong, (int Devices, DeviceId Last)> Values => values;

    /// <summary>Devices of the most common value; looked for when somebody asks, among at most <see cref="Prevalence.MostValues"/>.</summary>
    public int Most() => values.Count == 0 ? 0 : values.Values.Max(one => one.Devices);

    /// <summary>Values are not told apart for which there is room by now. Then half of the room is free: counting anew costs a look at every device, and is seldom.</summary>
    public bool IsOutdated => Others > 0 && values.Count <= Prevalence.MostValues / 2;

    /// <summary>True if nobody had that value.</summary>
    public bool Add(ulong value, DeviceId device)
    {
        Devices++;
        if (values.TryGetValue(value, out var known)) values[value] = (known.Devices + 1, device);
        else if (Others > 0 || values.Count >= Prevalence.MostValues) Others++;
        else return values.TryAdd(value, (1, device));
        return false;
    }

    public void Remove(ulong value)
    {
        Devices--;
        if (!values.TryGetValue(value, out var known)) Others--;
        else if (known.Devices == 1) values.Remove(value);
        else values[value] = known with { Devices = known.Devices - 1 };
    }

    public ValueShare Share(ulong value) => new(values.TryGetValue(value, out var known) ? known.Devices : Others > 0 ? null : 0, Devices, Most());
}
