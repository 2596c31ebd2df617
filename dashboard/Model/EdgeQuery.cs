using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Edges as a table shows them: worst first, then by names.</summary>
public static class EdgeQuery
{
    /// <param name="finds">Whether the query finds the device with that id; an edge is shown for either of its ends.</param>
    /// <param name="looks">Empty shows every look.</param>
    public static IReadOnlyList<PeerEdge> Of(IEnumerable<PeerEdge> edges, Func<string, bool> finds, IReadOnlySet<string> looks, DateTimeOffset now) =>
    [
        .. edges.Select(edge => (Edge: edge, Look: EdgeText.Look(edge.Status, edge.Fresh, edge.ExpiresAt, now)))
            .Where(one => (looks.Count == 0 || looks.Contains(one.Look)) && (finds(one.Edge.From) || finds(one.Edge.To)))
            .OrderByDescending(one => LookText.Risk(one.Look)).ThenBy(one => one.Edge.FromName, StringComparer.Ordinal).ThenBy(one => one.Edge.ToName, StringComparer.Ordinal)
            .ThenBy(one => one.Edge.From, StringComparer.Ordinal).ThenBy(one => one.Edge.To, StringComparer.Ordinal)
            .Select(one => one.Edge),
    ];
}
