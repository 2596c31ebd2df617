using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Alerts, and taking them on. What is done about them concerns the whole mesh, as an alert can be about devices of many sites.</summary>
public static class AlertRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/alerts", async (CancellationToken cancellation) => Results.Ok(await silo.Alerts.ViewsAsync(cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<AlertView>>().WithSummary("Alerts: firing, acknowledged, and resolved in the last seven days.");

        api.MapGet("/alerts/counts", async (CancellationToken cancellation) => Results.Ok(await silo.Alerts.CountAsync(cancellation)))
            .For(OperatorRole.Viewer).Produces<AlertCounts>().WithSummary("How many alerts there are now.");

        api.MapPost("/alerts/{id}/acknowledge", async (string id, AlertNote note, HttpContext context) =>
        {
            if (Reason.Wrong(note.Note) is { } wrong) return wrong;
            if (!IsId(id, 32)) return NotThere(id);
            var actor = AccessGate.Caller(context).Name;
            var words = string.IsNullOrWhiteSpace(note.Note) ? null : note.Note.Trim();
            var (alert, refused) = await silo.Alerts.AcknowledgeAsync(id, actor, words, context.RequestAborted, one => Lines(silo, actor, What(one), words));
            if (refused is not null) return ApiProblem.Conflict.With(refused);
            if (alert is null) return NotThere(id);
            silo.Log.OperatorActed(actor, Grammar.Fit(What(alert)));
            return Results.Ok(alert);
        }).For(OperatorRole.Operator).Produces<AlertView>().Produces<Problem>(404, "application/problem+json").Produces<Problem>(409, "application/problem+json").WithSummary("Takes an alert on, with a note.");
    }

    /// <summary>What the mesh's log says of an act on alerts and what belongs to them.</summary>
    internal static IReadOnlyList<TwinEvent> Lines(Silo silo, string actor, string what, string? why) => OperatorLines.Of(silo.Time.GetUtcNow(), actor, what, null, null, why);

    private static string What(AlertView alert) => $"acknowledged the alert {alert.Rule}, {alert.Text}";

    internal static bool IsId(string text, int digits) => text.Length == digits && text.All(char.IsAsciiHexDigitLower);

    private static IResult NotThere(string id) => ApiProblem.NotFound.With($"There is no alert {Grammar.Fit(id)}; a resolved one is kept for seven days.");
}
