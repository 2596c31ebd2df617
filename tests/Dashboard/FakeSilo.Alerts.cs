using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Alerts of the fake: what a test puts there, and what people do about it.</summary>
public sealed partial class FakeSilo
{
    public const string WebhookSecretText = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0ISE=";

    public List<AlertView> Alerts { get; } = [];

    public List<AlertRuleView> AlertRules { get; } =
    [
        new("devices-failing", "status:failed", "devices whose evidence fails", "critical", 0, true, true),
        new("devices-stale", "status:stale", "devices whose last proof has expired", "warning", 300, true, true),
        new("devices-alarming", null, "clones, doubted devices, verdicts that went missing; for an hour after the last alarm", "critical", 0, true, true),
        new("approval-overdue", "standing:pending enrolled>1d", "devices that have waited for approval for over a day", "info", 0, false, true, "ada", DateTimeOffset.UtcNow.AddDays(-2)),
    ];

    public List<SilenceView> Silences { get; } = [];

    public List<WebhookView> Webhooks { get; } = [];

    public List<WebhookDelivery> Deliveries { get; } = [];

    /// <summary>One alert of these devices.</summary>
    public AlertView Fire(string rule, string severity, string text, IReadOnlyList<DeviceSummary> devices, string? query = "status:failed", string state = "firing", AlertAcknowledgement? by = null, SilenceView? silence = null, string? silo = null)
    {
        var alert = new AlertView(
            $"{Alerts.Count:x32}", rule, severity, state, text, text, query, devices.Count, [.. devices.Take(20).Select(one => new AlertDevice(one.Id, one.Name, one.Site))],
            Fleet.Now.AddMinutes(-12 - Alerts.Count), Fleet.Now.AddMinutes(-1), by, state == "resolved" ? Fleet.Now.AddMinutes(-2) : null, silence, silo);
        Alerts.Add(alert);
        return alert;
    }

    /// <summary>What a page with something on it needs.</summary>
    public void FireSome()
    {
        var devices = Fleet.Devices.Values.ToList();
        var failed = devices.Where(one => one.Look == Looks.Contraindicated).ToList();
        Fire("devices-failing", "critical", $"{failed.Count} devices: PCR 7 is not as expected", failed);
        Fire("devices-stale", "warning", "3 devices at oslo: devices-stale", devices.Where(one => one.Look == Looks.Stale).Take(3).ToList(), "status:stale site:oslo");
        Fire("old-agents", "info", "1 device at bergen: old-agents", devices.Take(1).ToList(), "agent<0.2 site:bergen", "acknowledged", new("olga", Fleet.Now.AddMinutes(-4), "the update is on its way"));
        Silences.Add(new("0123456789abcdef", "site:turku", null, Fleet.Now.AddHours(3), "the hall is being rewired", "olga", Fleet.Now.AddMinutes(-50)));
        Fire("devices-stale", "warning", "2 devices at turku: devices-stale", devices.TakeLast(2).ToList(), "status:stale site:turku", silence: Silences[0]);
        Fire("devices-alarming", "critical", "1 device: two machines answer with this identity", devices.Skip(3).Take(1).ToList(), null, "resolved", new("aksel", Fleet.Now.AddMinutes(-9), null));
        Webhooks.Add(new("on-call", "https://hooks.example/trustmesh", "critical", "ada", Fleet.Now.AddDays(-9), 0, Last: Delivery(1, "delivered", 204, null)));
        Webhooks.Add(new("wiki", "https://wiki.example/in?room=7", "info", "ada", Fleet.Now.AddDays(-3), 1, Fleet.Now.AddHours(20), Delivery(2, "waiting", 503, "status")));
        Deliveries.AddRange([Delivery(2, "waiting", 503, "status"), Delivery(1, "delivered", 204, null), Delivery(0, "failed", null, "timeout")]);
    }

    private WebhookDelivery Delivery(int number, string state, int? status, string? error) => new(
        $"msg_{number:x32}", "io.trustmesh.alert.fired.v1", $"alerts/{number:x32}", Fleet.Now.AddMinutes(-number - 1), state, state == "failed" ? 11 : state == "waiting" ? 3 : 1, status, error, state == "failed" ? 10_001 : 84,
        Fleet.Now.AddMinutes(-number), state == "waiting" ? Fleet.Now.AddMinutes(2) : null);

    private void MapAlerts(RouteGroupBuilder api)
    {
        api.MapGet("/alerts", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Alerts.ToList())));
        api.MapGet("/alerts/counts", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(new AlertCounts(
            Alerts.Count(one => one is { State: "firing", Silence: null }), Alerts.Count(one => one is { State: "acknowledged", Silence: null }), Alerts.Count(one => one is { ResolvedAt: null, Silence: not null })))));
        api.MapPost("/alerts/{id}/acknowledge", (HttpContext context, string id, AlertNote body) => Guard(context, "operator", () => Change(id, one => one.Acknowledged is null
            ? one with { State = "acknowledged", Acknowledged = new("olga", DateTimeOffset.UtcNow, body.Note) } : null)));
        api.MapGet("/alerts/rules", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(AlertRules.ToList())));
        api.MapPut("/alerts/rules/{name}", (HttpContext context, string name, AlertRuleUpdate body) => Guard(context, "admin", () =>
        {
            if (body.Query is not null && !FleetQuery.TryParse(body.Query, out _, out var problem)) return Refuse(400, "invalid", problem.ToString());
            var at = AlertRules.FindIndex(one => one.Name == name);
            var before = at < 0 ? new AlertRuleView(name, "", "devices the query finds", "warning", 0, true, false) : AlertRules[at];
            var after = before with { Query = body.Query ?? before.Query, Severity = body.Severity ?? before.Severity, ForSeconds = body.ForSeconds ?? before.ForSeconds, Enabled = body.Enabled ?? before.Enabled, By = "ada", At = Fleet.Now };
            if (at < 0) AlertRules.Add(after);
            else AlertRules[at] = after;
            return Results.Ok(after);
        }));
        api.MapDelete("/alerts/rules/{name}", (HttpContext context, string name) => Guard(context, "admin", () => AlertRules.RemoveAll(one => one.Name == name && !one.BuiltIn) > 0 ? Results.NoContent() : Refuse(404, "not_found", "There is no such rule.")));
        api.MapGet("/alerts/silences", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Silences.ToList())));
        api.MapPost("/alerts/silences", (HttpContext context, SilenceRequest body) => Guard(context, "operator", () =>
        {
            var silence = new SilenceView($"{Silences.Count:x16}", body.Query, body.Rule, DateTimeOffset.UtcNow.AddSeconds(body.Seconds), body.Reason, "olga", DateTimeOffset.UtcNow);
            Silences.Add(silence);
            for (var i = 0; i < Alerts.Count; i++)
                if (Alerts[i].ResolvedAt is null && Alerts[i].Rule == body.Rule) Alerts[i] = Alerts[i] with { Silence = silence };
            return Results.Ok(silence);
        }));
        api.MapDelete("/alerts/silences/{id}", (HttpContext context, string id) => Guard(context, "operator", () => Silences.RemoveAll(one => one.Id == id) > 0 ? Results.NoContent() : Refuse(404, "not_found", "There is no such silence.")));
        MapWebhooks(api);
    }

    private void MapWebhooks(RouteGroupBuilder api)
    {
        api.MapGet("/webhooks", (HttpContext context) => Guard(context, "admin", () => Results.Ok(Webhooks.ToList())));
        api.MapPost("/webhooks", (HttpContext context, WebhookRequest body) => Guard(context, "admin", () =>
        {
            if (Webhooks.Any(one => one.Name == body.Name)) return Refuse(409, "conflict", $"There is a webhook {body.Name} already.");
            Webhooks.Add(new(body.Name, body.Url, body.Severity, "ada", DateTimeOffset.UtcNow, 0));
            return Results.Ok(new WebhookSecret(Webhooks[^1], WebhookSecretText));
        }));
        api.MapPost("/webhooks/{name}/rotate", (HttpContext context, string name) => Guard(context, "admin", () =>
        {
            var at = Webhooks.FindIndex(one => one.Name == name);
            Webhooks[at] = Webhooks[at] with { RotatesUntil = DateTimeOffset.UtcNow.AddHours(24) };
            return Results.Ok(new WebhookSecret(Webhooks[at], WebhookSecretText));
        }));
        api.MapPost("/webhooks/{name}/test", (HttpContext context, string name) => Guard(context, "admin", () =>
        {
            Deliveries.Insert(0, Delivery(Deliveries.Count, "delivered", 204, null) with { Type = "io.trustmesh.webhook.test.v1" });
            return Results.Accepted();
        }));
        api.MapGet("/webhooks/{name}/deliveries", (HttpContext context, string name) => Guard(context, "admin", () => Results.Ok(Deliveries.ToList())));
        api.MapPost("/webhooks/{name}/deliveries/{id}/resend", (HttpContext context, string name, string id) => Guard(context, "admin", () =>
        {
            var at = Deliveries.FindIndex(one => one.Id == id);
            Deliveries[at] = Deliveries[at] with { State = "waiting", NextAt = DateTimeOffset.UtcNow };
            return Results.Accepted();
        }));
        api.MapDelete("/webhooks/{name}", (HttpContext context, string name) => Guard(context, "admin", () => Webhooks.RemoveAll(one => one.Name == name) > 0 ? Results.NoContent() : Refuse(404, "not_found", "There is no such webhook.")));
    }

    private IResult Change(string id, Func<AlertView, AlertView?> change)
    {
        var at = Alerts.FindIndex(one => one.Id == id);
        if (at < 0) return Refuse(404, "not_found", "There is no such alert.");
        if (change(Alerts[at]) is not { } changed) return Refuse(409, "conflict", $"{Alerts[at].Acknowledged!.By} acknowledged it already.");
        Alerts[at] = changed;
        return Results.Ok(changed);
    }
}
