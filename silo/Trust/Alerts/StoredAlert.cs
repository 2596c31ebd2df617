using TrustMesh.Contracts;

namespace TrustMesh.Trust.Alerts;

/// <summary>An alert as it is kept; the row's id is its <see cref="AlertView.Id"/>.</summary>
/// <param name="Site">Where the cause is a site; likewise <paramref name="Silo"/>.</param>
/// <param name="Devices">Now; <paramref name="Most"/> there ever were.</param>
/// <param name="Silence">Which covers all of its devices, as of the last look.</param>
/// <param name="Told">That it fired was told, so what becomes of it is told too.</param>
/// <param name="Owed">What is still to be told: fired, acknowledged, resolved. In the row with what it tells of, so that a crash in between loses nothing.</param>
internal sealed record StoredAlert(
    string Rule, string Severity, string Cause, string? Site, string? Query, int Devices, int Most, IReadOnlyList<AlertDevice> Sample, DateTimeOffset FiredAt, DateTimeOffset ChangedAt,
    AlertAcknowledgement? Acknowledged = null, DateTimeOffset? ResolvedAt = null, SilenceView? Silence = null, bool Told = false, IReadOnlyList<string>? Owed = null, string? Silo = null)
{
    internal const string Fired = "fired", Acked = "acknowledged", Resolved = "resolved";

    internal bool IsOpen => ResolvedAt is null;

    /// <summary>What broke at once says why; what fell silent at one place says where, and for what rule.</summary>
    internal string Text => (Most, Site) switch
    {
        (0, _) => Cause,
        (_, null) => $"{Count(IsOpen ? Devices : Most)}: {Cause}",
        _ => $"{Count(IsOpen ? Devices : Most)} at {Site}: {Rule}",
    };

    internal AlertView View(string id, DateTimeOffset now) => new(
        id, Rule, Severity, IsOpen ? Acknowledged is null ? "firing" : "acknowledged" : "resolved", Cause, Text, Site is null || Query is null ? Query : $"{Query} site:{Site}",
        IsOpen ? Devices : Most, Sample, FiredAt, ChangedAt, Acknowledged, ResolvedAt, IsOpen && Silence is { } silence && silence.Until > now ? silence : null, Silo);

    /// <summary>The same, and this is to be told.</summary>
    internal StoredAlert Owing(string what) => this with { Owed = [.. Owed ?? [], what] };

    private static string Count(int devices) => devices == 1 ? "1 device" : $"{devices} devices";
}
