using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TrustMesh.Contracts.Queries;

/// <summary>Which edges between devices somebody means, for the API, the shell and the dashboard's table alike: those of devices a query finds, at either end, whose verdicts look as asked for.</summary>
/// <param name="looks">Of verdicts (<see cref="Verdicts"/>); empty for every look.</param>
public sealed class EdgeQuery(FleetQuery query, IReadOnlySet<string> looks)
{
    /// <summary>What a verdict by itself can look like: standing is no matter of an edge.</summary>
    public static IReadOnlyList<string> Verdicts { get; } = [Looks.Trusted, Looks.Warning, Looks.Contraindicated, Looks.Stale, Looks.Unproven];

    /// <summary>Edges of a page at most; and of an answer without pages, which a mesh of some ten thousand devices is too large for.</summary>
    public const int MostOfPage = 10_000, MostWhole = 100_000;

    public FleetQuery Query { get; } = query;

    public IReadOnlySet<string> Chosen { get; } = looks;

    /// <param name="query">API.md, Queries; null or empty finds every device.</param>
    /// <param name="looks">With commas between; null or empty for every look.</param>
    /// <param name="problem">Where the query goes wrong and the fix, or which looks there are.</param>
    public static bool TryParse(string? query, string? looks, [NotNullWhen(true)] out EdgeQuery? edges, [NotNullWhen(false)] out string? problem)
    {
        edges = null;
        var words = LooksOf(looks);
        if (!FleetQuery.TryParse(query, out var devices, out var wrong))
        {
            problem = wrong.ToString();
            return false;
        }
        problem = string.IsNullOrEmpty(looks) || looks.Split(',').All(Verdicts.Contains) ? null : $"look must be one or more of {string.Join(", ", Verdicts)}, with commas between.";
        edges = problem is null ? new(devices, words) : null;
        return problem is null;
    }

    /// <summary>The looks of verdicts among words with commas; others are passed over, as in an address that somebody wrote.</summary>
    public static IReadOnlySet<string> LooksOf(string? words) => (words ?? "").Split(',').Where(Verdicts.Contains).ToHashSet();

    /// <summary>The path of the API that answers, relative to /api/v1/.</summary>
    /// <param name="device">Only edges from and to it; null for all.</param>
    /// <param name="limit">Of a page; null: all of them, without pages.</param>
    /// <param name="cursor">Of the page before; null for the first.</param>
    public static string Path(string? device, string? query = null, string? looks = null, int? limit = null, string? cursor = null)
    {
        var asked = new[] { ("device", device), ("q", query), ("look", looks), ("limit", limit?.ToString(CultureInfo.InvariantCulture)), ("cursor", cursor) }.Where(one => !string.IsNullOrEmpty(one.Item2)).Select(one => $"{one.Item1}={Uri.EscapeDataString(one.Item2!)}");
        return string.Join('&', asked) is { Length: > 0 } parameters ? $"edges?{parameters}" : "edges";
    }

    /// <summary>The look of a verdict by itself, whatever the subject's standing. Its time runs out by our clock, too: nobody sends word of that.</summary>
    public static string Look(string status, bool fresh, DateTimeOffset expires, DateTimeOffset now) => Looks.Of("active", status, fresh && now < expires);

    public static string Look(PeerEdge edge, DateTimeOffset now) => Look(edge.Status, edge.Fresh, edge.ExpiresAt, now);

    /// <summary>Those that are meant, in the order they come.</summary>
    /// <param name="device">What is known of the device with that id; null where nothing is, and then only a query that asks nothing finds it.</param>
    public IEnumerable<PeerEdge> Of(IEnumerable<PeerEdge> edges, Func<string, DeviceFacts?> device, DateTimeOffset now)
    {
        // A device has many edges and is judged once.
        var found = new Dictionary<string, bool>();
        return edges.Where(edge => (Chosen.Count == 0 || Chosen.Contains(Look(edge, now))) && (Query.IsEmpty || Finds(edge.From) || Finds(edge.To)));

        bool Finds(string id)
        {
            if (!found.TryGetValue(id, out var finds)) found[id] = finds = device(id) is { } facts && Query.Matches(facts, now);
            return finds;
        }
    }

    /// <summary>As a table shows them: worst first, then by names.</summary>
    public static IReadOnlyList<PeerEdge> WorstFirst(IEnumerable<PeerEdge> edges, DateTimeOffset now) =>
    [
        .. edges.OrderByDescending(edge => Looks.Risk(Look(edge, now))).ThenBy(edge => edge.FromName, StringComparer.Ordinal).ThenBy(edge => edge.ToName, StringComparer.Ordinal)
            .ThenBy(edge => edge.From, StringComparer.Ordinal).ThenBy(edge => edge.To, StringComparer.Ordinal),
    ];
}
