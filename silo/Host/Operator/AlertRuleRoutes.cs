using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>What fires alerts.</summary>
public static class AlertRuleRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/alerts/rules", async (CancellationToken cancellation) => Results.Ok<IReadOnlyList<AlertRuleView>>([.. (await silo.AlertRules.ListAsync(cancellation)).Select(rule => rule.View)]))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<AlertRuleView>>().WithSummary("Alert rules, built-in ones first.");

        api.MapGet("/alerts/rules/{name}", async (string name, CancellationToken cancellation)
            => Grammar.IsName(name) && await silo.AlertRules.FindAsync(name, cancellation) is { } rule ? Results.Ok(rule.View) : NotThere(name))
            .For(OperatorRole.Viewer).Produces<AlertRuleView>().Produces<Problem>(404, "application/problem+json").WithSummary("One alert rule.");

        api.MapPut("/alerts/rules/{name}", async (string name, AlertRuleUpdate update, HttpContext context) =>
        {
            if (!Grammar.IsName(name)) return ApiProblem.Invalid.With("The name of a rule must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
            var before = await silo.AlertRules.FindAsync(name, context.RequestAborted);
            if (Wrong(update, before, out var query) is { } wrong) return wrong;
            var actor = AccessGate.Caller(context).Name;
            if (await silo.AlertRules.SaveAsync(name, query, update.Severity, update.ForSeconds, update.Enabled, actor, context.RequestAborted, rule => Lines(silo, actor, $"alert rule {name}", before, rule)) is not { } saved)
                return ApiProblem.Conflict.With($"A mesh has at most {AlertRule.Most} rules of its own; remove one that nobody needs.");
            silo.Log.OperatorActed(actor, $"alert rule {name}");
            return Results.Ok(saved.View);
        }).For(OperatorRole.Admin).Produces<AlertRuleView>().Produces<Problem>(409, "application/problem+json").WithSummary("Makes or changes an alert rule; a built-in one can be switched on and off.");

        api.MapDelete("/alerts/rules/{name}", async (string name, HttpContext context) =>
        {
            if (!Grammar.IsName(name) || await silo.AlertRules.FindAsync(name, context.RequestAborted) is not { } before) return NotThere(name);
            if (before.BuiltIn) return ApiProblem.Conflict.With($"{name} is built in; switch it off instead.");
            var actor = AccessGate.Caller(context).Name;
            if (!await silo.AlertRules.RemoveAsync(name, context.RequestAborted, _ => Lines(silo, actor, $"removed the alert rule {name}", before, null))) return NotThere(name);
            silo.Log.OperatorActed(actor, $"removed the alert rule {name}");
            return Results.NoContent();
        }).For(OperatorRole.Admin).Produces(204).Produces<Problem>(404, "application/problem+json").Produces<Problem>(409, "application/problem+json").WithSummary("Removes an alert rule; what it fired is resolved.");
    }

    /// <summary>Null if the update can stand; else the answer that says why not.</summary>
    private static IResult? Wrong(AlertRuleUpdate update, AlertRule? before, out FleetQuery? query)
    {
        query = null;
        if (before is { BuiltIn: true })
            return update is not { Query: null, Severity: null, ForSeconds: null } ? ApiProblem.Conflict.With("A built-in rule can be switched on and off; make one of your own for something else.")
                : update.Enabled is null ? ApiProblem.Invalid.With("enabled must be true or false.") : null;
        if (update.Query is null && before is null) return ApiProblem.Invalid.With("A new rule needs a query, such as status:failed site:oslo.");
        if (update.Query is not null)
        {
            if (!FleetQuery.TryParse(update.Query, out query, out var problem)) return ApiProblem.Invalid.With(problem.ToString());
            if (query.IsEmpty) return ApiProblem.Invalid.With("An empty query finds every device; nobody could tell what the alert is about.");
        }
        if (update.Severity is not null && !AlertRule.Severities.Contains(update.Severity)) return ApiProblem.Invalid.With($"severity must be one of {string.Join(", ", AlertRule.Severities)}.");
        return update.ForSeconds is < 0 or > AlertRule.LongestSeconds ? ApiProblem.Invalid.With($"forSeconds must be 0 to {AlertRule.LongestSeconds}.") : null;
    }

    private static IReadOnlyList<TwinEvent> Lines(Silo silo, string actor, string what, AlertRule? before, AlertRule? after)
        => OperatorLines.Of(silo.Time.GetUtcNow(), actor, what, before is null ? null : Words(before), after is null ? null : Words(after), null);

    private static string Words(AlertRule rule) => $"{(rule.Enabled ? "on" : "off")}, {rule.Severity}, {rule.Query?.Text ?? rule.About}, for {(long)rule.For.TotalSeconds} s";

    private static IResult NotThere(string name) => ApiProblem.NotFound.With($"There is no alert rule {Grammar.Fit(name)}.");
}
