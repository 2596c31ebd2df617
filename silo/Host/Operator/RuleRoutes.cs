using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Joining;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Rules that let devices in without a person. Whoever sets one approves beforehand, for the whole mesh.</summary>
public static class RuleRoutes
{
    private const int LongestSince = 31_536_000;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/enroll/rules", async (CancellationToken cancellation) => Results.Ok(await silo.Rules.ListAsync(cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<ApprovalRule>>().WithSummary("Approval rules, in their order.");

        api.MapPut("/enroll/rules/{name}", async (string name, ApprovalRuleUpdate update, HttpContext context) =>
        {
            if (!Grammar.IsName(name)) return ApiProblem.Invalid.With("The name of a rule must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
            if (ApprovalRules.Parse(update.Query, out var wrong) is not { } query) return ApiProblem.Invalid.With(wrong);
            if (Reason.Wrong(update.Reason) is { } reasonless) return reasonless;
            var actor = AccessGate.Caller(context).Name;
            var change = await silo.Rules.SetAsync(name, query, update.Verified, update.Place, actor, context.RequestAborted, done => Lines(silo, actor, name, done, update.Reason));
            if (change.Refused is { } refused) return ApiProblem.Conflict.With(refused);
            silo.Log.OperatorActed(actor, What(name, change));
            return Results.Ok(change.After);
        }).For(OperatorRole.Approver).Produces<ApprovalRule>().Produces<Problem>(409, "application/problem+json").WithSummary("Sets an approval rule: devices it finds are let in without a person from then on.");

        api.MapDelete("/enroll/rules/{name}", async (string name, HttpContext context) =>
        {
            var actor = AccessGate.Caller(context).Name;
            var change = Grammar.IsName(name) ? await silo.Rules.RemoveAsync(name, context.RequestAborted, done => Lines(silo, actor, name, done, null)) : null;
            if (change?.Before is null) return ApiProblem.NotFound.With($"No rule is called {Grammar.Fit(name)}.");
            silo.Log.OperatorActed(actor, What(name, change));
            return Results.NoContent();
        }).For(OperatorRole.Approver).Produces(204).Produces<Problem>(404, "application/problem+json").WithSummary("Removes an approval rule; whom it let in stays.");

        var trial = new RuleTrial(silo);
        api.MapPost("/enroll/rules/test", async (ApprovalTest test, HttpContext context) =>
        {
            if (test.SinceSeconds is < 0 or > LongestSince) return ApiProblem.Invalid.With($"sinceSeconds must be 0 to {LongestSince}.");
            var rules = await silo.Rules.ListAsync(context.RequestAborted);
            if (test.Query is not null)
            {
                if (ApprovalRules.Parse(test.Query, out var wrong) is not { } query) return ApiProblem.Invalid.With(wrong);
                rules = [new("", query.Text, test.Verified, 0, "", default)];
            }
            return Results.Ok(await trial.RunAsync(rules, TimeSpan.FromSeconds(test.SinceSeconds), context.RequestAborted));
        }).ForSite(OperatorRole.Operator).Produces<ApprovalTestAnswer>().WithSummary("Which devices a rule, or all rules as they are, would let in and would have let in.");
    }

    private static IReadOnlyList<TwinEvent> Lines(Silo silo, string actor, string name, RuleChange change, string? reason)
        => OperatorLines.Of(silo.Time.GetUtcNow(), actor, What(name, change), Words(change.Before), Words(change.After), reason?.Trim());

    private static string What(string name, RuleChange change) => $"{(change.After is null ? "removed" : "set")} approval rule {name}";

    private static string? Words(ApprovalRule? rule) => rule is null ? null : $"version {rule.Version}, {rule.Query}{(rule.Verified ? "" : ", software keys too")}";
}
