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
    /// <summary>Of a page without a limit; characters of a cursor: two names and two ids.</summary>
    private const int Usual = 1_000, LongestCursor = 1_024;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/edges", (string? device, string? q, string? look, string? cursor, int? limit, HttpContext context) =>
        {
            if (!EdgeQuery.TryParse(q, look, out var query, out var problem)) return ApiProblem.Invalid.With(problem);
            if (limit is < 1 or > EdgeQuery.MostOfPage) return ApiProblem.Invalid.With($"limit must be 1 to {EdgeQuery.MostOfPage}.");
            if (cursor?.Length > LongestCursor) return ApiProblem.Invalid.With($"cursor is at most {LongestCursor} characters.");
            DeviceEntry? of = null;
            if (device is not null && DeviceRoutes.Missing(silo, device, out of) is { } unknown) return unknown;
            if (cursor is not null || limit is not null) return Results.Ok(EdgeView.Page(silo, of?.Device, query, cursor, limit ?? Usual));
            // Who knows of no pages gets all of them, as ever; where that is too much, the rest is where the header says (RFC 8288).
            var all = EdgeView.Lines(silo, of?.Device, query, EdgeQuery.MostWhole + 1);
            if (all.Count <= EdgeQuery.MostWhole) return Results.Ok(all);
            context.Response.Headers.Link = $"</api/v1/{EdgeQuery.Path(device, q, look, EdgeQuery.MostOfPage, EdgeView.Key(all[^2]))}>; rel=\"next\"";
            return Results.Ok<IReadOnlyList<PeerEdge>>([.. all.SkipLast(1)]);
        }).For(OperatorRole.Viewer).Produces<IReadOnlyList<PeerEdge>>().Produces<Problem>(400, "application/problem+json")
            .WithSummary("Edges of devices that a query (API.md, Queries) finds, of one device or all; with limit or cursor as pages: items, next, total.");

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
