using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Operators;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>What is to be quiet for a while.</summary>
public static class SilenceRoutes
{
    private const int Shortest = 60;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/alerts/silences", async (CancellationToken cancellation) => Results.Ok(await silo.Silences.ListAsync(cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<SilenceView>>().WithSummary("Silences that have not ended, the first to end first.");

        api.MapPost("/alerts/silences", async (SilenceRequest request, HttpContext context) =>
        {
            if (Reason.Wrong(request.Reason, "A silence needs a reason: whoever wonders later reads it.") is { } reasonless) return reasonless;
            if (request.Seconds is < Shortest or > SilenceBook.LongestSeconds) return ApiProblem.Invalid.With($"seconds must be {Shortest} to {SilenceBook.LongestSeconds}: 30 days at most, so that nobody is forgotten.");
            if (!FleetQuery.TryParse(request.Query, out var query, out var problem)) return ApiProblem.Invalid.With(problem.ToString());
            if (query.IsEmpty && request.Rule is null) return ApiProblem.Invalid.With("Name a rule or a query: a silence of everything would hide what nobody expects.");
            if (request.Rule is not null && (!Grammar.IsName(request.Rule) || await silo.AlertRules.FindAsync(request.Rule, context.RequestAborted) is null))
                return ApiProblem.Invalid.With($"There is no alert rule {Grammar.Fit(request.Rule)}.");
            var actor = AccessGate.Caller(context).Name;
            var reason = request.Reason.Trim();
            if (await silo.Silences.AddAsync(query.IsEmpty ? null : query.Text.Trim(), request.Rule, TimeSpan.FromSeconds(request.Seconds), reason, actor, context.RequestAborted, made => AlertRoutes.Lines(silo, actor, What(made), reason)) is not { } silence)
                return ApiProblem.Conflict.With($"A mesh has at most {SilenceBook.Most} silences; end one that nobody needs.");
            silo.Log.OperatorActed(actor, Grammar.Fit(What(silence)));
            return Results.Ok(silence);
        }).For(OperatorRole.Operator).Produces<SilenceView>().Produces<Problem>(409, "application/problem+json").WithSummary("Keeps alerts quiet for at most 30 days; they are still listed.");

        api.MapDelete("/alerts/silences/{silence}", async (string silence, HttpContext context) =>
        {
            var actor = AccessGate.Caller(context).Name;
            if (!AlertRoutes.IsId(silence, 16)
                || await silo.Silences.RemoveAsync(silence, context.RequestAborted, one => AlertRoutes.Lines(silo, actor, $"ended the silence of {Words(one)}", null)) is not { } ended)
                return ApiProblem.NotFound.With($"There is no silence {Grammar.Fit(silence)}; it may have ended.");
            silo.Log.OperatorActed(actor, Grammar.Fit($"ended the silence of {Words(ended)}"));
            return Results.NoContent();
        }).For(OperatorRole.Operator).Produces(204).Produces<Problem>(404, "application/problem+json").WithSummary("Ends a silence.");
    }

    private static string What(SilenceView silence) => $"silenced {Words(silence)} until {silence.Until:yyyy-MM-dd HH:mm} UTC";

    private static string Words(SilenceView silence) => $"{silence.Rule ?? "every alert"}{(silence.Query is null ? "" : $" of {silence.Query}")}";
}
