namespace TrustMesh.Dashboard.Model;

/// <summary>Words and weight of an event's kind.</summary>
public static class EventText
{
    private static readonly (string Kind, string Label)[] s_labels =
    [
        ("enrolled", "Enrolled"), ("approved", "Approved"), ("suspended", "Suspended"), ("resumed", "Resumed"), ("revoked", "Revoked"), ("verdict", "Verdict"), ("stale", "Went stale"),
        ("refused", "Evidence refused"), ("peer", "Examined by a peer"), ("alarm", "Alarm"), ("policy", "Policy"), ("reference", "Reference values"), ("operator", "Operator"),
        ("revocation", "Status list"), ("alert", "Alert"),
    ];

    /// <summary>Kinds that are known, those of devices first.</summary>
    public static IEnumerable<string> Kinds => s_labels.Select(one => one.Kind);

    public static string Label(string kind) => Array.Find(s_labels, one => one.Kind == kind).Label ?? kind;

    /// <summary>good, bad, warn, alarm, peer, list, plain: a CSS class, and a shape beside the text.</summary>
    public static string Tone(string kind) => kind switch
    {
        "approved" or "resumed" or "enrolled" => "good",
        "revoked" or "refused" or "suspended" => "bad",
        "stale" => "warn",
        "alarm" or "alert" => "alarm",
        "peer" => "peer",
        "revocation" => "list",
        _ => "plain",
    };
}
