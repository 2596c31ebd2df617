namespace TrustMesh.Contracts;

/// <summary>An act on many devices, or one that waits for a second person.</summary>
/// <param name="State">waiting (for a second person), running (decided, and not every device is done), done, rejected, expired.</param>
/// <param name="Devices">How many it is about.</param>
/// <param name="Sites">Theirs, by name.</param>
/// <param name="By">Who asked, <paramref name="At"/> when and <paramref name="Reason"/> why.</param>
/// <param name="ExpiresAt">Nobody can approve it from then on.</param>
/// <param name="DecidedBy">Who approved or rejected it; the one who asked where no second person was needed. Null while it waits.</param>
/// <param name="Note">What whoever decided said.</param>
/// <param name="Revoked">Devices it revoked; null before it ran.</param>
/// <param name="Failed">Devices that could not be reached: send it again.</param>
public sealed record RevocationRequest(
    string Id, string State, string Digest, int Devices, IReadOnlyList<string> Sites, string Reason, string By, DateTimeOffset At, DateTimeOffset ExpiresAt,
    string? DecidedBy, DateTimeOffset? DecidedAt, string? Note, int? Revoked, int? Failed);
