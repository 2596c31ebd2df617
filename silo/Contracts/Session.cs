namespace TrustMesh.Contracts;

/// <param name="Token">Bearer token; only in the answer to a sign-in.</param>
/// <param name="Role">viewer, operator, admin.</param>
public sealed record Session(string Name, string Role, DateTimeOffset ExpiresAt, string? Token = null);
