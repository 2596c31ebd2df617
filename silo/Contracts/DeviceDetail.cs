namespace TrustMesh.Contracts;

/// <summary>Everything about one device.</summary>
public sealed record DeviceDetail(
    DeviceSummary Device, DeviceIdentity Identity, DeviceVerdict? Verdict, IReadOnlyList<Measurement> Measurements, IReadOnlyList<TrustEvent> Timeline);
