namespace TrustMesh.Contracts;

/// <summary>What a status list says of a device that the one before did not.</summary>
/// <param name="Standing">revoked or suspended; active for a device that is no longer on the list.</param>
/// <param name="At">When it was decided.</param>
public sealed record RevocationChange(string Id, string Name, string Standing, long Index, DateTimeOffset At, string Actor, string? Reason);
