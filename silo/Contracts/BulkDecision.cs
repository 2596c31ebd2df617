namespace TrustMesh.Contracts;

/// <summary>One decision about many devices that wait to be let in.</summary>
/// <param name="Act">approve or reject.</param>
/// <param name="Devices">At most 1,000, each with the mark of a dry run; or a query.</param>
/// <param name="Query">Which of the waiting devices (API.md, Queries); at most 1,000 may match.</param>
/// <param name="Seen">With a query: how many it found for the person who decides. Needed unless this is a dry run.</param>
/// <param name="Reason">One line, at most 200 characters; required to reject.</param>
/// <param name="DryRun">Says what would happen, and does nothing.</param>
public sealed record BulkDecision(string Act, IReadOnlyList<DeviceMark>? Devices = null, string? Query = null, int? Seen = null, string? Reason = null, bool DryRun = false);
