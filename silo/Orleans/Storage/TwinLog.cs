using TrustMesh.Wire;

namespace TrustMesh.Orleans.Storage;

/// <summary>
/// Where the measurement log of a twin lies: rows of entries that are written once and never changed, in order. A twin's row names them, so that
/// a log is always the one of its evidence, whoever else writes at the same time.
/// </summary>
/// <param name="Boot">Of the device; 0 with no parts before the first evidence.</param>
internal sealed record TwinLog(uint Boot, IReadOnlyList<TwinLog.Part> Parts)
{
    /// <summary>More parts than this are written together as one.</summary>
    public const int MostParts = 32;

    public static TwinLog None { get; } = new(0, []);

    public int Count => Parts.Sum(part => part.Count);

    /// <summary>The first so many entries.</summary>
    public TwinLog Cut(int entries)
    {
        var kept = new List<Part>();
        foreach (var part in Parts)
        {
            if (entries <= 0) break;
            kept.Add(part with { Count = Math.Min(part.Count, entries) });
            entries -= part.Count;
        }
        return this with { Parts = kept };
    }

    /// <param name="Name">Random: the row's id is the device's and this.</param>
    /// <param name="Count">Entries that count; the row may have more.</param>
    public readonly record struct Part(ulong Name, int Count)
    {
        public string IdOf(DeviceId device) => $"{device.Text}/{Name:x16}";
    }
}
