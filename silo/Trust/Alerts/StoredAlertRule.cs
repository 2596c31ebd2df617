namespace TrustMesh.Trust.Alerts;

/// <summary>A rule as it is kept; the row's id is its name. Of a built-in rule only whether it is on, by whom and since when.</summary>
internal sealed record StoredAlertRule(string? Query, string? Severity, int ForSeconds, bool Enabled, string By, DateTimeOffset At);
