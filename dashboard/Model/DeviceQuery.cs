using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>What a device list shows; the same in the URL of the table, the list and the graph.</summary>
/// <param name="Text">Found in name, site or model, or the start of the id; empty finds all.</param>
/// <param name="Looks">Empty shows every look.</param>
/// <param name="Site">Null shows every site.</param>
public sealed record DeviceQuery(string Text, IReadOnlySet<string> Looks, string? Site, DeviceOrder Order)
{
    public static DeviceQuery Parse(string? text, string? looks, string? site, string? order) => new(
        (text ?? "").Trim(),
        (looks ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Where(Contracts.Looks.All.Contains).ToHashSet(),
        string.IsNullOrEmpty(site) ? null : site,
        Enum.TryParse<DeviceOrder>(order, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : DeviceOrder.Name);

    public IReadOnlyList<GraphNode> Of(IEnumerable<GraphNode> devices)
    {
        var found = devices.Where(Matches).ToList();
        found.Sort(Compare);
        return found;
    }

    /// <summary>This query as a URL of the page <paramref name="path"/>.</summary>
    public string Url(string path, params ReadOnlySpan<string> fixedPairs)
    {
        var pairs = new List<string>([.. fixedPairs]);
        if (Text.Length > 0)
            pairs.Add($"q={Uri.EscapeDataString(Text)}");
        if (Looks.Count > 0)
            pairs.Add($"look={string.Join(',', Contracts.Looks.All.Where(Looks.Contains))}");
        if (Site is not null)
            pairs.Add($"site={Uri.EscapeDataString(Site)}");
        if (Order != DeviceOrder.Name)
            pairs.Add($"order={Order.ToString().ToLowerInvariant()}");
        return pairs.Count == 0 ? path : $"{path}?{string.Join('&', pairs)}";
    }

    public DeviceQuery Toggle(string look)
    {
        var looks = Looks.ToHashSet();
        if (!looks.Remove(look))
            looks.Add(look);
        return this with { Looks = looks };
    }

    public bool Matches(GraphNode device) =>
        (Looks.Count == 0 || Looks.Contains(device.Look))
        && (Site is null || device.Site == Site)
        && (Text.Length == 0
            || device.Name.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || device.Site.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || device.Model.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || device.Id.StartsWith(Text, StringComparison.OrdinalIgnoreCase)
            || DeviceIdText.Short(device.Id).StartsWith(Text, StringComparison.OrdinalIgnoreCase));

    private int Compare(GraphNode left, GraphNode right)
    {
        var order = Order switch
        {
            DeviceOrder.Risk => LookText.Risk(right.Look).CompareTo(LookText.Risk(left.Look)),
            DeviceOrder.Site => string.CompareOrdinal(left.Site, right.Site),
            DeviceOrder.Proven => Nullable.Compare(left.ProvenAt, right.ProvenAt),
            _ => 0,
        };
        if (order == 0)
            order = string.CompareOrdinal(left.Name, right.Name);
        return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
    }
}
