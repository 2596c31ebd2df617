namespace TrustMesh.Trust.Joining;

/// <summary>A join token without its secret; the row's id is the secret's hash.</summary>
internal sealed record StoredToken(int Uses, int Left, DateTimeOffset ExpiresAt, bool AutoApprove, string? Site, string? Model, string CreatedBy, IReadOnlyList<string>? Tags = null);
