using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Peers;

/// <summary>One examination, as much of it as is kept.</summary>
/// <param name="At">Whole seconds.</param>
/// <param name="Reason">The first finding that did not pass; null if all did.</param>
public sealed record PeerRound(long Sequence, DateTimeOffset At, TrustTier Status, long NonceAgeMs, string? Reason);
