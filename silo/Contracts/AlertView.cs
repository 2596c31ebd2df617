namespace TrustMesh.Contracts;

/// <summary>Devices that match one rule for one cause, from when they began to until none does any more.</summary>
/// <param name="Id">32 hexadecimal digits; another one each time it fires.</param>
/// <param name="Severity">critical, warning, info.</param>
/// <param name="State">firing, acknowledged, resolved.</param>
/// <param name="Cause">What they have in common: the first claim that their verdicts fault, else their site.</param>
/// <param name="Text">The same as a sentence, such as <c>41 devices: PCR 7 is not as expected</c> or <c>3 devices at oslo: devices-stale</c>.</param>
/// <param name="Query">Finds its devices, as long as they match; null where no query does.</param>
/// <param name="Devices">How many there are now; of a resolved one the most there were. 0 where it is about the mesh as a whole.</param>
/// <param name="Sample">Some of them, at most 20, by name.</param>
/// <param name="ChangedAt">When any of this changed last.</param>
/// <param name="Acknowledged">Null while nobody did.</param>
/// <param name="Silence">Which keeps it quiet; null if none does. A silenced alert is listed and tells nobody.</param>
/// <param name="Silo">Its name, where it is about a silo; else null.</param>
public sealed record AlertView(
    string Id, string Rule, string Severity, string State, string Cause, string Text, string? Query, int Devices, IReadOnlyList<AlertDevice> Sample,
    DateTimeOffset FiredAt, DateTimeOffset ChangedAt, AlertAcknowledgement? Acknowledged = null, DateTimeOffset? ResolvedAt = null, SilenceView? Silence = null, string? Silo = null);
