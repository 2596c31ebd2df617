using TrustMesh.Wire;

namespace TrustMesh.Trust.History;

/// <summary>From an instant on a device had these tags.</summary>
/// <param name="At">Whole milliseconds.</param>
/// <param name="Tags">As in <see cref="Twins.TwinState.Tags"/>.</param>
public sealed record TagsThen(DateTimeOffset At, DeviceId Device, IReadOnlyList<string> Tags);
