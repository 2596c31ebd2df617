using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TrustMesh.Host.Operator;

/// <summary>Probes; a word, and which row of the whole mesh cannot be read.</summary>
public static class HealthRoutes
{
    public static void Map(IEndpointRouteBuilder routes, Silo silo)
    {
        routes.MapGet("/livez", () => Results.Text("ok")).ForAnyone().ExcludeFromDescription();
        routes.MapGet("/readyz", async (HttpContext context) =>
        {
            // The store answers, and there is a policy to judge by.
            await silo.Records.ReadAsync("policy", "current", context.RequestAborted);
            // It is ready all the same, as it would be nowhere better: devices go on, and only what needs that row waits until it is restored.
            return Results.Text(await silo.UnreadableAsync(context.RequestAborted) is { } unreadable ? $"ok, but the stored {unreadable.Row} cannot be read" : "ok");
        }).ForAnyone().ExcludeFromDescription();
    }
}
