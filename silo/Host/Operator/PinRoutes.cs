using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>Where whoever is signed in put devices in their graph. It is how they look at the mesh and changes nothing of it, so that no log has a line of it.</summary>
public static class PinRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/session/pins", async (HttpContext context, CancellationToken cancellation) => Results.Ok(await silo.Pins.ListAsync(AccessGate.Caller(context).Name, cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<GraphPin>>().WithSummary("One's own pins on the graph.");

        api.MapPut("/session/pins/{device}", async (string device, PinPlace place, HttpContext context) =>
        {
            // A little more than 1, as somebody counts in decimals.
            if (!(Math.Sqrt((place.X * place.X) + (place.Y * place.Y)) <= 1.000_001)) return ApiProblem.Invalid.With("x and y must lie within the device's site: at most 1 from its middle.");
            return await DeviceRoutes.OnDevice(silo, device, async id =>
            {
                var pin = new GraphPin(id.Text, place.X, place.Y);
                return await silo.Pins.PutAsync(AccessGate.Caller(context).Name, pin, context.RequestAborted)
                    ? Results.Ok(pin) : ApiProblem.Conflict.With($"One person has at most {PinBook.Most} pins; unpin a device that can go back to its place.");
            });
        }).For(OperatorRole.Viewer).Produces<GraphPin>().Produces<Problem>(404, "application/problem+json").Produces<Problem>(409, "application/problem+json").WithSummary("Pins a device on one's own graph.");

        api.MapDelete("/session/pins/{device}", (string device, HttpContext context, CancellationToken cancellation) => RemoveAsync(silo, context, device, cancellation))
            .For(OperatorRole.Viewer).Produces(204).WithSummary("Lets a device go back to its place.");

        api.MapDelete("/session/pins", (HttpContext context, CancellationToken cancellation) => RemoveAsync(silo, context, null, cancellation))
            .For(OperatorRole.Viewer).Produces(204).WithSummary("Lets all devices go back to their places.");
    }

    private static async Task<IResult> RemoveAsync(Silo silo, HttpContext context, string? device, CancellationToken cancellation)
    {
        await silo.Pins.RemoveAsync(AccessGate.Caller(context).Name, device, cancellation);
        return Results.NoContent();
    }
}
