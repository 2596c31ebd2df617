namespace TrustMesh.Contracts;

/// <summary>A device on the status list.</summary>
/// <param name="Standing">revoked or suspended.</param>
/// <param name="Index">Its place in the list.</param>
/// <param name="Since">Serial of the first list that said so.</param>
public sealed record RevokedDevice(string Id, string Name, string Standing, long Index, long Since, DateTimeOffset At, string? Reason);
