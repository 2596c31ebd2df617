using TrustMesh.Wire;

namespace TrustMesh.Trust.Measured;

/// <summary>A value that devices of a model report and no reference value accepts.</summary>
/// <param name="Value">See <see cref="MeasuredKeys.Value"/>.</param>
/// <param name="Last">A device that came to report it, and may do so no more.</param>
public sealed record Outlier(string Model, string Name, ulong Value, ValueShare Share, DeviceId Last);
