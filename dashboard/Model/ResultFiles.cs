using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>What pages find, as files. Columns are the API's names, times are UTC, and what is not there is empty.</summary>
public static class ResultFiles
{
    public static ResultFile<GraphNode> Devices { get; } = new(
        "devices", ["id", "name", "site", "model", "tier", "standing", "status", "fresh", "look", "provenAt", "expiresAt", "tags", "since", "enrolledAt", "firmware", "agent", "policy"],
        one =>
        [
            one.Id, one.Name, one.Site, one.Model, one.Tier, one.Standing, one.Status, CsvText.Word(one.Fresh), one.Look, CsvText.Time(one.ProvenAt), CsvText.Time(one.ExpiresAt), string.Join(' ', one.Tags ?? []),
            CsvText.Time(one.Since), CsvText.Time(one.EnrolledAt), one.Firmware ?? "", one.Agent ?? "", $"{one.Policy}",
        ],
        ContractJson.Default.IReadOnlyListGraphNode);

    public static ResultFile<PeerEdge> Edges { get; } = new(
        "edges", ["from", "fromName", "to", "toName", "status", "fresh", "tier", "issuedAt", "expiresAt", "doubted"],
        one => [one.From, one.FromName, one.To, one.ToName, one.Status, CsvText.Word(one.Fresh), one.Tier, CsvText.Time(one.IssuedAt), CsvText.Time(one.ExpiresAt), CsvText.Word(one.Doubted)],
        ContractJson.Default.IReadOnlyListPeerEdge);

    public static ResultFile<LookDifference> Changes { get; } = new(
        "changes", ["id", "name", "site", "model", "tier", "before", "after", "at", "kind", "text", "by", "changes"],
        one =>
        [
            one.Device.Id, one.Device.Name, one.Device.Site, one.Device.Model, one.Device.Tier, one.Before ?? "", one.After, CsvText.Time(one.Last.At), one.Last.Kind, one.Last.Text, one.Last.Actor, $"{one.Changes}",
        ],
        ContractJson.Default.IReadOnlyListLookDifference);

    public static ResultFile<TrustEvent> Events { get; } = new(
        "events", ["sequence", "at", "device", "name", "kind", "text", "by"],
        one => [$"{one.Sequence}", CsvText.Time(one.At), one.Device ?? "", one.Name ?? "", one.Kind, one.Text, one.Actor],
        ContractJson.Default.IReadOnlyListTrustEvent);

    public static ResultFile<AlertView> Alerts { get; } = new(
        "alerts",
        ["id", "rule", "severity", "state", "cause", "text", "query", "devices", "sample", "firedAt", "changedAt", "acknowledgedBy", "acknowledgedAt", "note", "silencedBy", "silencedUntil", "silencedBecause", "resolvedAt"],
        one =>
        [
            one.Id, one.Rule, one.Severity, one.State, one.Cause, one.Text, one.Query ?? "", $"{one.Devices}", string.Join(' ', one.Sample.Select(device => device.Id)), CsvText.Time(one.FiredAt), CsvText.Time(one.ChangedAt),
            one.Acknowledged?.By ?? "", CsvText.Time(one.Acknowledged?.At), one.Acknowledged?.Note ?? "", one.Silence?.By ?? "", CsvText.Time(one.Silence?.Until), one.Silence?.Reason ?? "", CsvText.Time(one.ResolvedAt),
        ],
        ContractJson.Default.IReadOnlyListAlertView);

    /// <summary>Of the status list in force, whom it names.</summary>
    public static ResultFile<RevokedDevice> Revocations { get; } = new(
        "revocations", ["id", "name", "standing", "reason", "at", "sinceList", "place"],
        one => [one.Id, one.Name, one.Standing, one.Reason ?? "", CsvText.Time(one.At), $"{one.Since}", $"{one.Index}"],
        ContractJson.Default.IReadOnlyListRevokedDevice);

    public static ResultFile<LogFinding> Log { get; } = new(
        "log", ["log", "index", "at", "kind", "device", "name", "text", "by", "version"],
        one => [$"{one.Log}", $"{one.Entry.Index}", CsvText.Time(one.Entry.At), one.Entry.Kind, one.Entry.Device ?? "", one.Entry.Name, one.Entry.Text, one.Entry.Actor, $"{one.Entry.Version}"],
        ContractJson.Default.IReadOnlyListLogFinding);

    public static ResultFile<OutlierView> Outliers { get; } = new(
        "outliers", ["model", "name", "digest", "accepted", "seenOn", "of", "rare", "firstSeen", "device", "deviceName"],
        one => [one.Model, one.Name, one.Digest, string.Join(' ', one.Accepted), $"{one.SeenOn}", $"{one.Of}", CsvText.Word(one.Rare), CsvText.Time(one.FirstSeen), one.Device, one.DeviceName],
        ContractJson.Default.IReadOnlyListOutlierView);

    /// <summary>Of one device.</summary>
    public static ResultFile<Measurement> Measurements { get; } = new(
        "measurements", ["name", "digest", "outcome", "expected", "firstSeen", "seenOn", "of", "rare"],
        one => [one.Name, one.Digest, one.Outcome, string.Join(' ', one.Expected ?? []), CsvText.Time(one.FirstSeen), $"{one.SeenOn}", $"{one.Of}", CsvText.Word(one.Rare)],
        ContractJson.Default.IReadOnlyListMeasurement);
}
