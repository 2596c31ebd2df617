namespace TrustMesh.Contracts;

/// <summary>A status list that is or was in force.</summary>
/// <param name="Size">Entries of the list.</param>
/// <param name="Changes">None in a list that was only signed anew; of those, the newest between two changes is kept.</param>
public sealed record RevocationIssue(long Serial, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, long Size, IReadOnlyList<RevocationChange> Changes);
