namespace TrustMesh.Contracts;

/// <summary>The policy in force. PCR numbers of the bank; durations in seconds.</summary>
public sealed record PolicyView(
    string Id, long Version, string Bank, IReadOnlyList<int> Pcrs, int MeasurementPcr, int LifetimeSeconds, int IntervalSeconds,
    IReadOnlyList<string> Tiers, bool ChannelBindingRequired, IReadOnlyList<string> MayChange, IReadOnlyList<string> DeniedFirmware, string UnknownFile,
    DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);
