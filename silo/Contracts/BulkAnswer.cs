namespace TrustMesh.Contracts;

/// <summary>What became of each device, in the order of the request, or by name where a query found them.</summary>
/// <param name="Act">approve, reject, tag.</param>
/// <param name="Count">How many of them are done, or would be.</param>
public sealed record BulkAnswer(string Act, bool DryRun, int Count, IReadOnlyList<BulkOutcome> Devices);
