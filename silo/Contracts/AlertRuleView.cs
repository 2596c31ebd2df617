namespace TrustMesh.Contracts;

/// <summary>What fires alerts.</summary>
/// <param name="Name">1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.</param>
/// <param name="Query">Devices it is about (API.md, Queries); null for a built-in rule about something else, which <paramref name="About"/> says.</param>
/// <param name="About">In words.</param>
/// <param name="Severity">critical, warning, info.</param>
/// <param name="ForSeconds">How long a device must match before it counts.</param>
/// <param name="BuiltIn">It can be switched off, not changed or removed.</param>
/// <param name="By">Who changed it last, and <paramref name="At"/> when; null for a built-in rule nobody touched.</param>
public sealed record AlertRuleView(string Name, string? Query, string About, string Severity, int ForSeconds, bool Enabled, bool BuiltIn, string? By = null, DateTimeOffset? At = null);
