namespace TrustMesh.Contracts;

/// <param name="Tags">Given to devices that join with it for the first time; null where there are none.</param>
/// <param name="Token">The text for the device (<c>tmj1_…</c>); only in the answer to its creation.</param>
public sealed record JoinToken(string Id, int Uses, int Left, DateTimeOffset ExpiresAt, bool AutoApprove, string? Site, string? Model, string CreatedBy, string? Token = null, IReadOnlyList<string>? Tags = null);
