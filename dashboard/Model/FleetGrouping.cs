using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>What devices have in common where they are counted together: on the graph one chart of each, in the table one row. The same in Graph/groups.ts.</summary>
/// <param name="Field">Of a query, and in an address: <c>group=model</c>.</param>
public sealed record FleetGrouping(string Field, string Title, string Plural)
{
    public static FleetGrouping Site { get; } = new("site", "Site", "Sites");

    public static IReadOnlyList<FleetGrouping> All { get; } = [Site, new("model", "Model", "Models"), new("tier", "Tier", "Tiers")];

    /// <summary>Sites, where it is none of these.</summary>
    public static FleetGrouping Of(string? field) => All.FirstOrDefault(one => one.Field == field) ?? Site;

    public string ValueOf(GraphNode device) => Field switch { "model" => device.Model, "tier" => device.Tier, _ => device.Site };

    /// <summary>A group as it is called.</summary>
    public string Label(string value) => value.Length == 0 ? $"no {Field}" : Field == "tier" ? LookText.TierBrief(value) : value;

    /// <summary>The devices of a group, or those of them that look so. No query asks for devices that have none of it: then those of the mesh.</summary>
    public DeviceQuery Query(string value, string? look = null) => DeviceQuery.Parse(null, look, null, null) is var all && value.Length == 0 ? all : all.Set(Field, value);

    /// <summary>Worst first, then by name.</summary>
    public IReadOnlyList<SiteRow> Rows(IEnumerable<GraphNode> devices)
    {
        var groups = new Dictionary<string, Dictionary<string, int>>();
        foreach (var device in devices)
        {
            var value = ValueOf(device);
            if (!groups.TryGetValue(value, out var looks))
                groups.Add(value, looks = []);
            looks[device.Look] = looks.GetValueOrDefault(device.Look) + 1;
        }
        return SiteRow.Ranked(groups);
    }
}
