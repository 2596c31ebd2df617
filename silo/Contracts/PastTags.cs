namespace TrustMesh.Contracts;

/// <summary>From this instant on a device had these tags; empty: none.</summary>
public sealed record PastTags(DateTimeOffset At, string Device, IReadOnlyList<string> Tags);
