namespace TrustMesh.Contracts;

/// <summary>Everything about one device.</summary>
/// <param name="Registers">By number; null where none was quoted but the one of the measurements.</param>
public sealed record DeviceDetail(
    DeviceSummary Device, DeviceIdentity Identity, DeviceVerdict? Verdict, IReadOnlyList<Measurement> Measurements, IReadOnlyList<TrustEvent> Timeline,
    IReadOnlyList<RegisterMeasurement>? Registers = null);
