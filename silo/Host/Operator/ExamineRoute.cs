using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Host.Device;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Asks a device to examine a peer now. It is a wish: the device examines only whom it would examine anyway (attack A46).</summary>
public static class ExamineRoute
{
    private const int PerSecond = 1;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        var limit = new RateLimit<DeviceId>(PerSecond, silo.Time);
        api.MapPost("/edges/{from}/{to}/examine", async (string from, string to, HttpContext context) =>
        {
            if (DeviceRoutes.Missing(silo, from, out var examiner) is { } unknown) return unknown;
            if (DeviceRoutes.Missing(silo, to, out var examined) is { } other) return other;
            if (examiner.Device == examined.Device) return ApiProblem.Invalid.With("A device does not examine itself; name two.");
            if (!limit.TryTake(examiner.Device)) return ApiProblem.RateLimited.With($"{examiner.Name} was asked just now; wait a second.");
            if (!await silo.Place.NudgeAsync(examiner.Device, examined.Device, context.RequestAborted)) return ApiProblem.Conflict.With($"{examiner.Name} is not connected to the mesh; it goes on examining its peers by itself.");
            var actor = AccessGate.Caller(context).Name;
            silo.Log.OperatorActed(actor, $"asked {examiner.Device} to examine {examined.Device}");
            await silo.TellAllAsync([new(silo.Time.GetUtcNow(), EventKind.Peer, Grammar.Fit($"{examiner.Name} is asked to examine {examined.Name} now"), actor)]);
            return Results.Accepted();
        }).ForDevice(OperatorRole.Operator, "from").Produces(202).Produces<Problem>(409, "application/problem+json").WithSummary("Asks a device to examine a peer now.");
    }
}
