namespace TrustMesh.Dashboard.Model;

/// <summary>Words and weight of an event's kind.</summary>
public static class EventText
{
    public static string Label(string kind) => kind switch
    {
        "enrolled" => "Enrolled",
        "approved" => "Approved",
        "suspended" => "Suspended",
        "resumed" => "Resumed",
        "revoked" => "Revoked",
        "verdict" => "Verdict",
        "stale" => "Went stale",
        "refused" => "Evidence refused",
        "policy" => "Policy",
        "reference" => "Reference values",
        "operator" => "Operator",
        "peer" => "Examined by a peer",
        "alarm" => "Alarm",
        "revocation" => "Status list",
        "alert" => "Alert",
        _ => kind,
    };

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
