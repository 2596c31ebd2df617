namespace TrustMesh.Contracts;

/// <summary>A device at the beginning of a <see cref="HistoryView"/>.</summary>
/// <param name="Look">Null: it joined later.</param>
/// <param name="Tags">At that beginning, as far as the log tells of changes; null: none.</param>
/// <param name="Site">Where it is now, likewise <paramref name="Model"/> and <paramref name="Tier"/>; empty where that cannot be read any more.</param>
public sealed record PastDevice(string Id, string Name, string Site, string Model, string Tier, string? Look, DateTimeOffset? Since, IReadOnlyList<string>? Tags = null);
