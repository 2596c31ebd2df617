using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>
/// Which devices a query finds, for a canvas that keeps its own copy: the whole once, then only what changed. The whole names the smaller side, so that a query
/// that finds nearly everything costs as little as one that finds nearly nothing.
/// </summary>
public sealed class MatchSet
{
    private HashSet<string> _found = [];

    public int Count => _found.Count;

    /// <summary>Begins anew.</summary>
    /// <param name="Others">The ids are of those that are not found.</param>
    public (bool Others, IReadOnlyList<string> Ids) Begin(DeviceQuery query, IReadOnlyCollection<GraphNode> devices, DateTimeOffset now)
    {
        _found = Find(query, devices, now);
        return _found.Count * 2 <= devices.Count ? (false, [.. _found]) : (true, [.. devices.Where(device => !_found.Contains(device.Id)).Select(device => device.Id)]);
    }

    /// <summary>What is found now and was not, and what no longer is.</summary>
    public (IReadOnlyList<string> Came, IReadOnlyList<string> Went) Next(DeviceQuery query, IEnumerable<GraphNode> devices, DateTimeOffset now)
    {
        var found = Find(query, devices, now);
        string[] came = [.. found.Where(id => !_found.Contains(id))], went = [.. _found.Where(id => !found.Contains(id))];
        _found = found;
        return (came, went);
    }

    private static HashSet<string> Find(DeviceQuery query, IEnumerable<GraphNode> devices, DateTimeOffset now) => devices.Where(device => query.Matches(device, now)).Select(device => device.Id).ToHashSet();
}
