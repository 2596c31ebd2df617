namespace TrustMesh.Contracts;

/// <summary>One page of devices; <paramref name="Next"/> is the cursor of the next page, null at the end.</summary>
public sealed record DevicePage(IReadOnlyList<DeviceSummary> Items, string? Next, int Total);
