using TrustMesh.Wire;

namespace TrustMesh.Orleans.Following;

/// <summary>A device enforces a status list.</summary>
/// <param name="Silo">The silo it told; it knows already.</param>
/// <param name="At">When it told.</param>
public sealed record Acknowledgement(DeviceId Device, long Serial, long EnforcedMs, long Gaps, string Silo, DateTimeOffset At);
