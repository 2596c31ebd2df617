namespace TrustMesh.Trust.Joining;

/// <summary>What a join token allows.</summary>
/// <param name="Id">First 16 characters of its row: enough for people, useless as a token.</param>
/// <param name="Tags">For a device that joins for the first time.</param>
/// <param name="Site">Overrides what the device says; likewise <paramref name="Model"/>.</param>
public sealed record TokenGrant(string Id, bool AutoApprove, string? Site, string? Model, IReadOnlyList<string>? Tags = null);
