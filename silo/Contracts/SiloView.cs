namespace TrustMesh.Contracts;

/// <summary>One silo of a mesh.</summary>
/// <param name="Name">Unique in the cluster; "silo" where there is one.</param>
/// <param name="Health">active, joining, leaving, silent (does not report), dead.</param>
/// <param name="Why">For people, where health is not active, or its clock is wrong; else null.</param>
/// <param name="Device">Where devices reach it, https://host:port; likewise <paramref name="Operator"/>; null where unknown.</param>
/// <param name="Twins">Twins in its memory: its share of the work.</param>
/// <param name="Share">Of all twins in memory, 0..1.</param>
/// <param name="Shards">Parts of the index it holds, and other duties (authority, logs), by name.</param>
/// <param name="CallsPerSecond">Evidence judged by it, a second, over the last seconds.</param>
/// <param name="P50Ms">From the last byte of evidence to the answer; likewise <paramref name="P99Ms"/>.</param>
/// <param name="StorageErrors">Since its start; <paramref name="LastStorageError"/> says what and when, null if there was none.</param>
/// <param name="ReportedAt">When it last said so.</param>
/// <param name="SkewSeconds">How far its clock is ahead of the one in the middle of all silos', negative behind; null where there is nothing to compare.</param>
public sealed record SiloView(
    string Name, string Health, string? Why, string? Device, string? Operator, string Version, DateTimeOffset? StartedAt, DateTimeOffset? ReportedAt,
    int Twins, double Share, IReadOnlyList<string> Shards, double CallsPerSecond, double P50Ms, double P99Ms, long Accepted, long Refused,
    int Waiting, long MemoryBytes, long StorageErrors, string? LastStorageError, double? SkewSeconds = null);
