using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Queries;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Queries that people keep for everybody of the mesh.</summary>
public static class QueryRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/queries", async (CancellationToken cancellation) => Results.Ok(await silo.Queries.ListAsync(cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<SavedQuery>>().WithSummary("Saved queries, by name.");

        api.MapGet("/queries/{name}", async (string name, CancellationToken cancellation)
            => Grammar.IsName(name) && await silo.Queries.FindAsync(name, cancellation) is { } saved ? Results.Ok(saved) : NotThere(name))
            .For(OperatorRole.Viewer).Produces<SavedQuery>().Produces<Problem>(404, "application/problem+json").WithSummary("One saved query.");

        api.MapPut("/queries/{name}", async (string name, SavedQueryUpdate update, HttpContext context) =>
        {
            if (!Grammar.IsName(name)) return ApiProblem.Invalid.With("The name of a query must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
            if (!FleetQuery.TryParse(update.Query, out var query, out var problem)) return ApiProblem.Invalid.With(problem.ToString());
            if (query.IsEmpty) return ApiProblem.Invalid.With("An empty query finds every device; there is nothing to save.");
            var actor = AccessGate.Caller(context).Name;
            if (await silo.Queries.SaveAsync(
                    name, query, actor, context.RequestAborted, one => [new(silo.Time.GetUtcNow(), EventKind.Operator, Grammar.Fit($"saved the query {name}: {one.Query}"), actor)]) is not { } saved)
                return ApiProblem.Conflict.With($"A mesh keeps at most {SavedQueries.Most} queries; remove one that nobody needs.");
            silo.Log.OperatorActed(actor, $"saved the query {name}");
            return Results.Ok(saved);
        }).For(OperatorRole.Operator).Produces<SavedQuery>().Produces<Problem>(409, "application/problem+json").WithSummary("Saves a query under a name, for everybody.");

        api.MapDelete("/queries/{name}", async (string name, HttpContext context) =>
        {
            var actor = AccessGate.Caller(context).Name;
            if (!Grammar.IsName(name) || !await silo.Queries.RemoveAsync(name, context.RequestAborted, _ => [new(silo.Time.GetUtcNow(), EventKind.Operator, $"removed the query {name}", actor)]))
                return NotThere(name);
            silo.Log.OperatorActed(actor, $"removed the query {name}");
            return Results.NoContent();
        }).For(OperatorRole.Operator).Produces(204).Produces<Problem>(404, "application/problem+json").WithSummary("Removes a saved query.");
    }

    private static IResult NotThere(string name) => ApiProblem.NotFound.With($"No query is saved as {Grammar.Fit(name)}.");
}
