using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
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
            var (alert, refused) = await silo.Alerts.AcknowledgeAsync(id, actor, words, context.RequestAborted);
            if (refused is not null) return ApiProblem.Conflict.With(refused);
            if (alert is null) return NotThere(id);
            await ActedAsync(silo, actor, $"acknowledged the alert {alert.Rule}, {alert.Text}", words);
            return Results.Ok(alert);
        }).For(OperatorRole.Operator).Produces<AlertView>().Produces<Problem>(404, "application/problem+json").Produces<Problem>(409, "application/problem+json").WithSummary("Takes an alert on, with a note.");
    }

    /// <summary>In the silo's log, in the mesh's, and in the feed; the silo that watches looks again.</summary>
    internal static Task ActedAsync(Silo silo, string actor, string what, string? why)
    {
        silo.Log.OperatorActed(actor, Grammar.Fit(what));
        return silo.TellAllAsync(OperatorLines.Of(silo.Time.GetUtcNow(), actor, what, null, null, why));
    }

    internal static bool IsId(string text, int digits) => text.Length == digits && text.All(char.IsAsciiHexDigitLower);

    private static IResult NotThere(string id) => ApiProblem.NotFound.With($"There is no alert {Grammar.Fit(id)}; a resolved one is kept for seven days.");
}
