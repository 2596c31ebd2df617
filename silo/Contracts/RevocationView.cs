namespace TrustMesh.Contracts;

/// <summary>The status list in force.</summary>
/// <param name="Uri">What memberships point to.</param>
/// <param name="Size">Entries of the list.</param>
public sealed record RevocationView(long Serial, string Uri, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, long Size, IReadOnlyList<RevokedDevice> Devices);
