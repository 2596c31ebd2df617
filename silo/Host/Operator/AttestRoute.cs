using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Host.Device;
using TrustMesh.Trust.Operators;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>
/// Asks a device to prove itself now: as it is asked to examine a peer, with itself as the one to look at (PROTOCOL.md section 16). It is a wish: a device has its own least interval
/// (attack A46), and one of before examines no such peer and proves itself when it would anyway.
/// </summary>
public static class AttestRoute
{
    private const int PerSecond = 1;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        var limit = new RateLimit<DeviceId>(PerSecond, silo.Time);
        api.MapPost("/devices/{id}/attest", async (string id, HttpContext context) =>
        {
            if (DeviceRoutes.Missing(silo, id, out var device) is { } unknown) return unknown;
            if (device.Standing == Standing.Revoked) return ApiProblem.Conflict.With($"{device.Name} was revoked, which is final; it is not asked any more.");
            if (!limit.TryTake(device.Device)) return ApiProblem.RateLimited.With($"{device.Name} was asked just now; wait a second.");
            if (!await silo.Place.NudgeAsync(device.Device, device.Device, context.RequestAborted))
                return ApiProblem.Conflict.With($"{device.Name} is not connected to the mesh, so nobody could be asked; it proves itself by itself when it is back.");
            var actor = AccessGate.Caller(context).Name;
            silo.Log.OperatorActed(actor, $"asked {device.Device} to prove itself");
            await silo.TellAllAsync(OperatorLines.Of(silo.Time.GetUtcNow(), actor, Grammar.Fit($"asked {device.Name} to prove itself now"), null, null, null));
            return Results.Accepted();
        }).ForDevice(OperatorRole.Operator).Produces(202).Produces<Problem>(409, "application/problem+json").Produces<Problem>(429, "application/problem+json")
            .WithSummary("Asks a device to prove itself now; its verdict comes when it has.");
    }
}
