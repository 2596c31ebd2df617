using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Signing in and out, and codes for others.</summary>
public static class SessionRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        var limit = new SignInLimit(silo.Place, silo.Time);

        api.MapPost("/session", async (SignIn request, HttpContext context) =>
        {
            var source = context.Connection.RemoteIpAddress ?? IPAddress.None;
            if (!limit.Allows(source)) return ApiProblem.RateLimited.With("Too many failed sign-ins from your address; wait a minute.");
            if (await silo.Operators.SignInAsync(request.Code ?? "", context.RequestAborted) is not { } signedIn)
            {
                await limit.FailedAsync(source, context.RequestAborted);
                silo.Log.SignInRefused(source.ToString());
                return ApiProblem.Unauthenticated.With("The code is unknown, used or expired. An admin makes a new one; at each start the silo writes one for the first admin.");
            }
            await silo.TellAsync(new(silo.Time.GetUtcNow(), EventKind.Operator, "signed in", signedIn.Identity.Name));
            return Results.Ok(View(signedIn.Identity, signedIn.Token));
        }).ForAnyone().Produces<Session>().WithSummary("Turns a one-time code into a session.");

        api.MapGet("/session", (HttpContext context) => View(AccessGate.Caller(context)))
            .For(OperatorRole.Viewer).WithSummary("Who is signed in.");

        api.MapDelete("/session", async (HttpContext context) =>
        {
            await silo.Operators.SignOutAsync(AccessGate.Token(context)!, context.RequestAborted);
            return Results.NoContent();
        }).For(OperatorRole.Viewer).Produces(204).WithSummary("Signs out.");

        api.MapPost("/operators", async (OperatorRequest request, HttpContext context) =>
        {
            if (!Grammar.IsName(request.Name)) return ApiProblem.Invalid.With("name must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
            OperatorRole? role = request.Role switch { "viewer" => OperatorRole.Viewer, "operator" => OperatorRole.Operator, "admin" => OperatorRole.Admin, _ => null };
            if (role is not { } granted) return ApiProblem.Invalid.With("role must be viewer, operator or admin.");
            var (code, expires) = await silo.Operators.CreateCodeAsync(request.Name, granted, context.RequestAborted);
            var actor = AccessGate.Caller(context).Name;
            silo.Log.OperatorActed(actor, $"made a sign-in code for {request.Name} as {request.Role}");
            await silo.TellAsync(new(silo.Time.GetUtcNow(), EventKind.Operator, $"made a sign-in code for {request.Name} as {request.Role}", actor));
            return Results.Ok(new OperatorCode(request.Name, request.Role, code, expires));
        }).For(OperatorRole.Admin).Produces<OperatorCode>().WithSummary("Makes a one-time sign-in code for a person.");
    }

    private static Session View(OperatorIdentity identity, string? token = null) => new(identity.Name, identity.RoleText, identity.ExpiresAt, token);
}
