namespace TrustMesh.Trust.Passkeys;

/// <summary>A passkey; the row's id is the hex SHA-256 of its credential id.</summary>
/// <param name="Handle">Of the person it was made for: a person removed and invited again is another one.</param>
/// <param name="Key">SubjectPublicKeyInfo.</param>
internal sealed record StoredPasskey(
    string Person, string Handle, byte[] CredentialId, int Algorithm, byte[] Key, uint Counter, bool BackupEligible, bool BackedUp, string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);
