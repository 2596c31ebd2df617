namespace TrustMesh.Dashboard.Model;

/// <summary>A column of the table of devices.</summary>
/// <param name="Key">In an address: <c>cols=look,name,fw</c>. The same words as the fields of a query, where there is one.</param>
/// <param name="Order">What its header sorts by; null where there is no order in it.</param>
/// <param name="Wide">Only where there is room for it.</param>
public sealed record DeviceColumn(string Key, string Title, DeviceOrder? Order, bool Wide)
{
    /// <summary>All there are, in the order they stand in.</summary>
    public static IReadOnlyList<DeviceColumn> All { get; } =
    [
        new("look", "Look", DeviceOrder.Risk, false), new("name", "Name", DeviceOrder.Name, false), new("site", "Site", DeviceOrder.Site, false), new("model", "Model", DeviceOrder.Model, true),
        new("root", "Root", DeviceOrder.Root, true), new("proven", "Proven", DeviceOrder.Proven, false), new("tags", "Tags", null, true),
        new("since", "Since", DeviceOrder.Since, true), new("expires", "Counts until", DeviceOrder.Expires, true), new("fw", "Firmware", DeviceOrder.Firmware, true), new("agent", "Agent", DeviceOrder.Agent, true),
        new("policy", "Policy", DeviceOrder.Policy, true),
    ];

    /// <summary>Those that stand there until somebody chooses.</summary>
    public static IReadOnlyList<DeviceColumn> Usual { get; } = [.. All.Take(7)];

    /// <summary>Those of an address; what is no column is passed over, and whose device a row is always stands there.</summary>
    public static IReadOnlyList<DeviceColumn> Parse(string? keys) => string.IsNullOrWhiteSpace(keys) ? Usual : Of(keys.Split(','));

    /// <summary>These or not these: one more, or one less.</summary>
    public static IReadOnlyList<DeviceColumn> Toggled(IReadOnlyList<DeviceColumn> shown, string key) =>
        Of(shown.Select(one => one.Key).Contains(key) ? shown.Select(one => one.Key).Where(one => one != key) : shown.Select(one => one.Key).Append(key));

    /// <summary>For an address; null where it is as usual.</summary>
    public static string? Pair(IReadOnlyList<DeviceColumn> shown) => shown.SequenceEqual(Usual) ? null : $"cols={string.Join(',', shown.Select(one => one.Key))}";

    private static IReadOnlyList<DeviceColumn> Of(IEnumerable<string> keys)
    {
        var chosen = keys.ToHashSet(StringComparer.Ordinal);
        return [.. All.Where(one => one.Key == "name" || chosen.Contains(one.Key))];
    }
}
