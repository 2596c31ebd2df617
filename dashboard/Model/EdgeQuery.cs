using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Edges as a table shows them: worst first, then by names.</summary>
public static class EdgeQuery
{
    /// <param name="text">Found in either name, or the start of either id; empty finds all.</param>
    /// <param name="looks">Empty shows every look.</param>
    public static IReadOnlyList<PeerEdge> Of(IEnumerable<PeerEdge> edges, string text, IReadOnlySet<string> looks, DateTimeOffset now) =>
    [
        .. edges.Select(edge => (Edge: edge, Look: EdgeText.Look(edge.Status, edge.Fresh, edge.ExpiresAt, now)))
            .Where(one => (looks.Count == 0 || looks.Contains(one.Look)) && Matches(one.Edge, text))
            .OrderByDescending(one => LookText.Risk(one.Look)).ThenBy(one => one.Edge.FromName, StringComparer.Ordinal).ThenBy(one => one.Edge.ToName, StringComparer.Ordinal)
            .ThenBy(one => one.Edge.From, StringComparer.Ordinal).ThenBy(one => one.Edge.To, StringComparer.Ordinal)
            .Select(one => one.Edge),
    ];

    private static bool Matches(PeerEdge edge, string text) => text.Length == 0
        || edge.FromName.Contains(text, StringComparison.OrdinalIgnoreCase) || edge.ToName.Contains(text, StringComparison.OrdinalIgnoreCase)
        || edge.From.StartsWith(text, StringComparison.OrdinalIgnoreCase) || edge.To.StartsWith(text, StringComparison.OrdinalIgnoreCase)
        || DeviceIdText.Short(edge.From).StartsWith(text, StringComparison.OrdinalIgnoreCase) || DeviceIdText.Short(edge.To).StartsWith(text, StringComparison.OrdinalIgnoreCase);
}
