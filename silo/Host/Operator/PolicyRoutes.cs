using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>The appraisal policy: what is in force, what was, and what a draft would do before it is signed.</summary>
public static class PolicyRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/policy", () => silo.Policies.View()).For(OperatorRole.Viewer).WithSummary("The policy in force.");

        api.MapPut("/policy", async (PolicyUpdate update, HttpContext context) =>
        {
            if (Wrong(silo, update) is { } wrong) return wrong;
            // Who has tried a draft against one policy does not sign it over another.
            if (context.Request.Headers.IfMatch is [{ } seen] && seen.Trim('"') != silo.Policies.InForce.Policy.Serial.ToString(CultureInfo.InvariantCulture))
                return ApiProblem.Conflict.With($"Policy {silo.Policies.InForce.Policy.Serial} is in force meanwhile; look at it again.");
            var actor = AccessGate.Caller(context).Name;
            var why = update.Reason?.Trim() is { Length: > 0 } reason ? $"; {reason}" : "";
            AppraisalPolicy signed;
            try
            {
                signed = await silo.Policies.UpdateAsync(
                    update, actor, context.RequestAborted, policy => [new(silo.Time.GetUtcNow(), EventKind.Policy, Grammar.Fit($"policy {policy.Serial} in force{why}"), actor)]);
            }
            finally
            {
                // Also where nobody knows whether it is in force: the others read again.
                silo.Place.BooksChanged();
            }
            silo.Log.OperatorActed(actor, $"signed policy {signed.Policy.Serial}");
            return Results.Ok(silo.Policies.View());
        }).For(OperatorRole.Admin).Produces<PolicyView>().Produces<Problem>(409, "application/problem+json").WithSummary("Changes the policy; the authority signs it with the next serial.");

        api.MapGet("/policy/versions", async (CancellationToken cancellation) => Results.Ok(await silo.Policies.VersionsAsync(cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<PolicyVersion>>().WithSummary("Policies that are or were in force, newest first: who had them signed, when and why.");

        api.MapGet("/policy/versions/{version}", async (string version, CancellationToken cancellation)
            => long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var serial) && await silo.Policies.FindAppraisalAsync(serial, cancellation) is { } policy
                ? Results.Ok(PolicyBook.View(policy.Policy)) : ApiProblem.NotFound.With($"No policy has the version {Grammar.Fit(version)}."))
            .For(OperatorRole.Viewer).Produces<PolicyView>().Produces<Problem>(404, "application/problem+json").WithSummary("One of them.");

        var simulator = new PolicySimulator(silo);
        api.MapPost("/policy/simulate", async (PolicyUpdate update, HttpContext context) =>
        {
            if (Wrong(silo, update) is { } wrong) return wrong;
            return await simulator.RunAsync(silo.Policies.Draft(update), context.RequestAborted) is { } done ? Results.Ok(done)
                : ApiProblem.RateLimited.With("Another draft is being tried out at this silo; try again when it is done.");
        }).ForSite(OperatorRole.Operator).Produces<PolicySimulation>().Produces<Problem>(429, "application/problem+json").WithSummary("What a draft would say of the last evidence of every device; nothing is signed.");
    }

    private static IResult? Wrong(Silo silo, PolicyUpdate update)
        => PolicyRules.Check(update, silo.Policies.InForce.Policy) is { Count: > 0 } wrong ? ApiProblem.Invalid.With(string.Join(' ', wrong)) : Reason.Wrong(update.Reason);
}
