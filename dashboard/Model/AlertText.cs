using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Words and looks of alerts and of what webhooks were told.</summary>
public static class AlertText
{
    public static IReadOnlyList<string> Severities { get; } = ["critical", "warning", "info"];

    public static string Severity(string severity) => severity switch { "critical" => "Critical", "warning" => "Warning", _ => "Info" };

    /// <summary>The look whose colour it has; its shape is its own.</summary>
    public static string Look(string severity) => severity switch { "critical" => Looks.Contraindicated, "warning" => Looks.Warning, _ => Looks.Pending };

    /// <summary>Where an alert is shown on the page: its state, or that it is silenced.</summary>
    public static string Place(AlertView alert) => alert switch
    {
        { ResolvedAt: not null } => "resolved",
        { Silence: not null } => "silenced",
        _ => alert.State,
    };

    public static string Tally(IReadOnlyList<AlertView> alerts) => string.Join(", ", from place in (string[])["firing", "acknowledged", "silenced"]
                                                                                     let count = alerts.Count(one => Place(one) == place)
                                                                                     where count > 0 || place == "firing"
                                                                                     select $"{count} {place}");

    /// <summary>The devices of an alert on a page that takes a query.</summary>
    public static string? Url(AlertView alert, string path) => alert is { Query: { } query, ResolvedAt: null }
        ? $"{path}?q={Uri.EscapeDataString(query).Replace("%3A", ":", StringComparison.Ordinal).Replace("%20", "+", StringComparison.Ordinal)}" : null;

    /// <summary>What came of the last try, or that there was none.</summary>
    public static string Outcome(WebhookDelivery delivery) => delivery switch
    {
        { Attempts: 0, State: "dropped" } => "too many waited",
        { Attempts: 0 } => "not tried yet",
        { Error: null } => $"answered {delivery.Status}",
        { Error: "status" } => $"answered {delivery.Status}",
        { Error: "redirect" } => $"answered {delivery.Status}, a redirect, which is not followed",
        { Error: "refused-address" } => "its name leads to an address the silo does not call",
        { Error: "no-name" } => "its name is not known",
        { Error: "no-connection" } => "no connection",
        { Error: "tls" } => "its certificate is not good, or it speaks no TLS",
        { Error: "timeout" } => "no answer within 10 s",
        { Error: "too-large-answer" } => "its answer has too long a head",
        { Error: "no-secret" } => "its secret cannot be opened; make a new one",
        _ => "the connection broke",
    };

    public static string State(string state) => state switch { "waiting" => "Still tried", "delivered" => "Delivered", "failed" => "Given up", "dropped" => "Dropped", _ => state };

    /// <summary>The look whose glyph and colour a delivery has beside its word.</summary>
    public static string StateLook(string state) => state switch { "delivered" => Looks.Trusted, "waiting" => Looks.Pending, _ => Looks.Contraindicated };
}
