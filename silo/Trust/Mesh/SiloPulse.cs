namespace TrustMesh.Trust.Mesh;

/// <summary>What a silo says of itself now and then.</summary>
/// <param name="Device">Where devices reach it, https://host:port; likewise <paramref name="Operator"/>.</param>
/// <param name="Accepted">Evidence accepted since its start; likewise <paramref name="Refused"/>.</param>
/// <param name="CallsPerSecond">Evidence judged, over the last ten seconds.</param>
/// <param name="P50Ms">From the last byte of evidence to the answer, over the last rounds; likewise <paramref name="P99Ms"/>. 0 before the first.</param>
/// <param name="Waiting">Devices that wait here for news.</param>
public sealed record SiloPulse(string? Device, string? Operator, string Version, DateTimeOffset StartedAt, long Accepted, long Refused, double CallsPerSecond, double P50Ms, double P99Ms, int Waiting, long MemoryBytes);
