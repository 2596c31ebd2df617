namespace TrustMesh.Contracts;

/// <summary>One change of the tags of many devices.</summary>
/// <param name="Add">As in <see cref="TagEdit"/>, likewise <paramref name="Remove"/>.</param>
/// <param name="Devices">At most 1,000 ids; or a query.</param>
/// <param name="Query">Which devices (API.md, Queries); at most 1,000 may match, and not an empty one.</param>
/// <param name="Seen">With a query: how many it found for the person who decides. Needed unless this is a dry run.</param>
/// <param name="Reason">One line, at most 200 characters.</param>
/// <param name="DryRun">Says what would happen, and does nothing.</param>
public sealed record BulkTags(
    IReadOnlyList<string>? Add = null, IReadOnlyList<string>? Remove = null, IReadOnlyList<string>? Devices = null, string? Query = null, int? Seen = null, string? Reason = null, bool DryRun = false);
