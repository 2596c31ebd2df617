namespace TrustMesh.Contracts;

/// <summary>One examination of a peer.</summary>
/// <param name="Sequence">Of the issuer's verdicts.</param>
/// <param name="Reason">The first finding that did not pass; null if all did.</param>
public sealed record EdgeRound(long Sequence, DateTimeOffset At, string Status, long NonceAgeMs, string? Reason);
