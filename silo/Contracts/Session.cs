namespace TrustMesh.Contracts;

/// <param name="Token">Bearer token; only in the answer to a sign-in.</param>
/// <param name="Role">The highest role that holds for the whole mesh: viewer, operator, approver, admin.</param>
/// <param name="Grants">All of them, as they are now.</param>
/// <param name="Id">As in the list of sessions.</param>
/// <param name="How">code, passkey, oidc, or token for an API token; null if it is from before that was kept.</param>
public sealed record Session(string Name, string Role, DateTimeOffset ExpiresAt, string? Token = null, IReadOnlyList<Grant>? Grants = null, string? Id = null, string? How = null);
