using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Alerts;

/// <summary>What fires alerts, ready to be asked.</summary>
/// <param name="Query">Null where <paramref name="Source"/> is something else.</param>
/// <param name="For">How long a device must match before it counts.</param>
/// <param name="About">In words, for people.</param>
public sealed record AlertRule(string Name, AlertSource Source, FleetQuery? Query, string Severity, TimeSpan For, string About, bool Enabled = true, bool BuiltIn = false, string? By = null, DateTimeOffset? At = null)
{
    /// <summary>Rules that people make, in one mesh; and the longest <see cref="For"/> (attack A42).</summary>
    public const int Most = 40, LongestSeconds = 7 * 86_400;

    /// <summary>Where no row can be written its alert has none, as that of <see cref="SiloTroubles.Storage"/>.</summary>
    public const string LogUnwritable = "log-unwritable";

    /// <summary>From the most urgent to the least.</summary>
    public static IReadOnlyList<string> Severities { get; } = ["critical", "warning", "info"];

    /// <summary>There from the start, in every mesh.</summary>
    public static IReadOnlyList<AlertRule> BuiltIns { get; } =
    [
        Asking("devices-failing", "status:failed", "critical", 0, "devices whose evidence fails"),
        Asking("devices-stale", "status:stale", "warning", 300, "devices whose last proof has expired"),
        new("devices-alarming", AlertSource.Alarms, null, "critical", TimeSpan.Zero, "clones, doubted devices, verdicts that went missing; for an hour after the last alarm", BuiltIn: true),
        Asking("approval-overdue", "standing:pending enrolled>1d", "info", 0, "devices that have waited for approval for over a day"),
        new("status-list-expiring", AlertSource.StatusList, null, "critical", TimeSpan.Zero, "the status list in force is about to expire, as no new one could be signed", BuiltIn: true),
        new(LogUnwritable, AlertSource.Log, null, "critical", TimeSpan.Zero, "what is decided cannot be written into the mesh's log, and so cannot be decided", BuiltIn: true),
        new(SiloTroubles.Storage, AlertSource.Silos, null, "critical", FailureRun.Counts, "a silo whose storage keeps failing; until it has not for 30 s", BuiltIn: true),
        new(SiloTroubles.Silent, AlertSource.Silos, null, "warning", SiloTroubles.SilentFor, "a silo that does not report, or is dead; until it is back, or forgotten after an hour", BuiltIn: true),
        new(SiloTroubles.Clock, AlertSource.Silos, null, "warning", TimeSpan.Zero, "a silo whose clock is more than 5 s off the other silos'", BuiltIn: true),
    ];

    /// <summary>Asks for something that the clock alone changes.</summary>
    public bool DependsOnTime => Query is { DependsOnTime: true };

    public AlertRuleView View => new(Name, Query?.Text, About, Severity, (int)For.TotalSeconds, Enabled, BuiltIn, By, At);

    /// <summary>Fires for the same as the other one.</summary>
    public bool IsSame(AlertRule other) => Source == other.Source && Query?.Text == other.Query?.Text && For == other.For && Severity == other.Severity && Enabled == other.Enabled;

    private static AlertRule Asking(string name, string query, string severity, int seconds, string about)
        => new(name, AlertSource.Query, FleetQuery.TryParse(query, out var parsed, out var problem) ? parsed : throw new InvalidOperationException(problem.ToString()), severity, TimeSpan.FromSeconds(seconds), about, BuiltIn: true);
}
