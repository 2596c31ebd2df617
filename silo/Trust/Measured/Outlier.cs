using TrustMesh.Wire;

namespace TrustMesh.Trust.Measured;

/// <summary>A value that devices of a model report and no reference value accepts.</summary>
/// <param name="Name">For people.</param>
/// <param name="Key">What it is counted under, and <paramref name="Value"/>: see <see cref="MeasuredKeys"/>.</param>
/// <param name="Last">A device that came to report it, and may do so no more.</param>
public sealed record Outlier(string Model, string Name, ulong Key, ulong Value, ValueShare Share, DeviceId Last);
