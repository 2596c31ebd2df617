namespace TrustMesh.Cli.Api;

/// <summary>A session with a silo, or the silos of one mesh, as kept on disk.</summary>
/// <param name="Authority">Hex SHA-256 of the public key of the silo's mesh authority, as the silo said at sign-in.</param>
internal sealed record SavedSession(string Token, string Name, string Role, DateTimeOffset ExpiresAt, string? Authority);
