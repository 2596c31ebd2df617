using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.History;

/// <summary>A line of the log after which a device looked different.</summary>
/// <param name="At">Whole milliseconds.</param>
/// <param name="Look">After it, as in <see cref="Contracts.Looks"/>.</param>
public sealed record LookChange(DateTimeOffset At, DeviceId Device, string Name, string Look, EventKind Kind, string Text, string Actor);
