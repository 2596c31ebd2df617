using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Dashboard.Model;

/// <summary>What a device list shows; the same in the URL of the table, the list and the graph.</summary>
/// <param name="Text">As typed, whether it is a query or not yet.</param>
/// <param name="Query">What is shown: of <paramref name="Text"/>, or while that is none the last one that was.</param>
/// <param name="Problem">Why <paramref name="Text"/> is no query; null if it is one.</param>
/// <param name="Backwards">Of the order; in an address a minus before it.</param>
/// <param name="Hides">On the graph what does not match is not drawn, instead of dimmed.</param>
public sealed record DeviceQuery(string Text, FleetQuery Query, QueryProblem? Problem, DeviceOrder Order, bool Hides, bool Backwards = false)
{
    private static readonly string[] s_roots = ["tpm-quote", "hardware-key", "guardian", "software"];

    private static readonly DeviceQuery s_all = new("", FleetQuery.Everything, null, DeviceOrder.Name, false);

    /// <param name="looks">Of an old link: looks with commas. Becomes a term of the query, likewise <paramref name="site"/>.</param>
    public static DeviceQuery Parse(string? text, string? looks, string? site, string? order, string? mode = null)
    {
        var query = (s_all with
        {
            Order = Enum.TryParse<DeviceOrder>(order?.TrimStart('-'), ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : DeviceOrder.Name,
            Backwards = order is ['-', ..],
            Hides = mode == "hide",
        }).With((text ?? "").Trim());
        foreach (var look in (looks ?? "").Split(',').Where(Looks.All.Contains).Where(look => !query.Chosen("status").Contains(look)))
            query = query.Toggle(look);
        return string.IsNullOrEmpty(site) ? query : query.Set("site", site);
    }

    /// <summary>Looks that the query's first term about them asks for.</summary>
    public IReadOnlySet<string> Chosen(string field) => QueryEdit.Chosen(Query, field);

    public DeviceQuery With(string text) => FleetQuery.TryParse(text, out var query, out var problem)
        ? this with { Text = text, Query = query, Problem = null }
        : this with { Text = text, Problem = problem };

    public DeviceQuery Toggle(string look) => With(QueryEdit.Toggle(Query, "status", look));

    /// <param name="value">Null takes the field's term out.</param>
    public DeviceQuery Set(string field, string? value) => With(QueryEdit.Set(Query, field, value));

    public IReadOnlyList<GraphNode> Of(IEnumerable<GraphNode> devices, DateTimeOffset now)
    {
        var found = Query.IsEmpty ? devices.ToList() : devices.Where(device => Matches(device, now)).ToList();
        found.Sort(Compare);
        return found;
    }

    public bool Matches(GraphNode device, DateTimeOffset now) => Query.Matches(DeviceFacts.Of(device), now);

    /// <summary>This query as a URL of the page <paramref name="path"/>.</summary>
    public string Url(string path, params ReadOnlySpan<string> fixedPairs)
    {
        var pairs = new List<string>([.. fixedPairs]);
        if (!Query.IsEmpty)
            pairs.Add($"q={Escape(Query.Text.Trim())}");
        if (Hides)
            pairs.Add("mode=hide");
        if (Order != DeviceOrder.Name || Backwards)
            pairs.Add($"order={(Backwards ? "-" : "")}{Order.ToString().ToLowerInvariant()}");
        return pairs.Count == 0 ? path : $"{path}?{string.Join('&', pairs)}";
    }

    /// <summary>The same on a shell.</summary>
    public string Command => Query.IsEmpty ? "trustmesh device list" : $"trustmesh device list --query {Quoted}";

    /// <summary>As one argument of a shell.</summary>
    public string Quoted => ShellText.Quote(Query.Text.Trim());

    // What RFC 3986 lets stand in a query is left as it is, so that a link can be read.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2C", ",", StringComparison.Ordinal).Replace("%20", "+", StringComparison.Ordinal);

    private static int Last<T>(T? left, T? right)
        where T : struct => left.HasValue && right.HasValue ? Nullable.Compare(left, right) : right.HasValue.CompareTo(left.HasValue);

    /// <summary>As queries compare them: 2.10 is more than 2.9.</summary>
    private static int Version(string? left, string? right)
    {
        var (one, other) = (left is null ? null : VersionText.TryParse(left), right is null ? null : VersionText.TryParse(right));
        if (one is not null && other is not null)
            return one.CompareTo(other);
        return one is null && other is null ? string.CompareOrdinal(left, right) : one is null ? 1 : -1;
    }

    private int Compare(GraphNode left, GraphNode right)
    {
        var order = Order switch
        {
            DeviceOrder.Risk => LookText.Risk(right.Look).CompareTo(LookText.Risk(left.Look)),
            DeviceOrder.Site => string.CompareOrdinal(left.Site, right.Site),
            DeviceOrder.Model => string.CompareOrdinal(left.Model, right.Model),
            DeviceOrder.Root => Array.IndexOf(s_roots, left.Tier).CompareTo(Array.IndexOf(s_roots, right.Tier)),
            DeviceOrder.Proven => Last(left.ProvenAt, right.ProvenAt),
            DeviceOrder.Since => Last(left.Since, right.Since),
            DeviceOrder.Expires => Last(left.ExpiresAt, right.ExpiresAt),
            DeviceOrder.Policy => Last(left.Policy, right.Policy),
            DeviceOrder.Firmware => Version(left.Firmware, right.Firmware),
            DeviceOrder.Agent => Version(left.Agent, right.Agent),
            _ => 0,
        };
        if (order == 0)
            order = string.CompareOrdinal(left.Name, right.Name);
        if (Backwards)
            order = -order;
        return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
    }
}
