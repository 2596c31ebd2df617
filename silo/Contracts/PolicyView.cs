namespace TrustMesh.Contracts;

/// <summary>The policy in force. PCR numbers of the bank; durations in seconds.</summary>
/// <param name="GraceSeconds">A device whose newest status list is older treats everyone as unknown.</param>
/// <param name="Quorum">So many independent contraindicated verdicts of peers suspend a device; 0: never.</param>
/// <param name="Peers">How many peers a device examines, and is examined by.</param>
public sealed record PolicyView(
    string Id, long Version, string Bank, IReadOnlyList<int> Pcrs, int MeasurementPcr, int LifetimeSeconds, int IntervalSeconds,
    IReadOnlyList<string> Tiers, bool ChannelBindingRequired, IReadOnlyList<string> MayChange, IReadOnlyList<string> DeniedFirmware, string UnknownFile,
    DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, int GraceSeconds = 86_400, int Quorum = 3, int Peers = 4);
