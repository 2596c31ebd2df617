using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Peers;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Who examined whom: the list, and one edge both ways.</summary>
public static class EdgeRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/edges", async (string? device, string? q, string? look) =>
        {
            if (!EdgeQuery.TryParse(q, look, out var query, out var problem)) return ApiProblem.Invalid.With(problem);
            return device is null
                ? Results.Ok(EdgeView.Lines(silo, silo.Edges.All, query))
                : await DeviceRoutes.OnDevice(silo, device, id => Task.FromResult(Results.Ok(EdgeView.Lines(silo, silo.Edges.From(id).Concat(silo.Edges.About(id)), query))));
        }).For(OperatorRole.Viewer).Produces<IReadOnlyList<PeerEdge>>().Produces<Problem>(400, "application/problem+json").WithSummary("Edges of devices that a query (API.md, Queries) finds, of one device or all.");

        api.MapGet("/edges/{from}/{to}", (string from, string to, HttpContext context) => DeviceRoutes.OnDevice(silo, from, issuer => DeviceRoutes.OnDevice(silo, to, async subject =>
        {
            var (forward, back) = (await SideAsync(silo, issuer, subject, context.RequestAborted), await SideAsync(silo, subject, issuer, context.RequestAborted));
            if (forward is not null || back is not null) return Results.Ok(new EdgeDetail(forward, back));
            // One side that can be read is told; only where nothing is left to tell does it matter why.
            foreach (var one in new[] { issuer, subject })
                if (silo.Edges.Unreadable.TryGetValue(one, out var why)) return ApiProblem.Unavailable.With(UnreadableIssuerException.Words(one, why));
            return ApiProblem.NotFound.With("Neither of the two devices has said anything about the other.");
        }))).For(OperatorRole.Viewer).Produces<EdgeDetail>().Produces<Problem>(404, "application/problem+json").WithSummary("What two devices last said about each other, and the last 20 rounds.");
    }

    private static async Task<EdgeSide?> SideAsync(Silo silo, DeviceId issuer, DeviceId subject, CancellationToken cancellation)
    {
        // What memory does not know is not read from the store; what it knows is told from there, with everything.
        if (silo.Edges.Find(issuer, subject) is null || await silo.Ledger.ReadAsync(issuer, cancellation) is not { } row || row.Record.Edge(subject) is not { } edge) return null;
        return EdgeView.Side(silo, row.Record, edge);
    }
}
