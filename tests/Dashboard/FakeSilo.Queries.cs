using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Tests.Dashboard;

public sealed partial class FakeSilo
{
    public ConcurrentDictionary<string, SavedQuery> Queries { get; } = new();

    private void MapQueries(RouteGroupBuilder api)
    {
        api.MapGet("/queries", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Queries.Values.OrderBy(one => one.Name, StringComparer.Ordinal).ToList())));
        api.MapPut("/queries/{name}", (HttpContext context, string name, SavedQueryUpdate body) => Guard(context, "operator", () =>
            FleetQuery.TryParse(body.Query, out _, out var problem) ? Results.Ok(Queries[name] = new(name, body.Query, "olga", Fleet.Now)) : Refuse(400, "invalid", problem.ToString())));
        api.MapDelete("/queries/{name}", (HttpContext context, string name) => Guard(context, "operator", () =>
            Queries.TryRemove(name, out _) ? Results.NoContent() : Refuse(404, "not_found", "No query is saved as this.")));
    }
}
