using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TrustMesh.Host.Operator;

/// <summary>Probes; a word, no detail.</summary>
public static class HealthRoutes
{
    public static void Map(IEndpointRouteBuilder routes, Silo silo)
    {
        routes.MapGet("/livez", () => Results.Text("ok")).ForAnyone().ExcludeFromDescription();
        routes.MapGet("/readyz", async (HttpContext context) =>
        {
            // The store answers, and there is a policy to judge by.
            await silo.Records.ReadAsync("policy", "current", context.RequestAborted);
            return Results.Text("ok");
        }).ForAnyone().ExcludeFromDescription();
    }
}
