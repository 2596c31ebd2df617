using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Host.Operator;

/// <summary>Signing in and out, and sessions that count.</summary>
public static class SessionRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo, SignInLimit limit)
    {
        api.MapPost("/session", async (SignIn request, HttpContext context) =>
        {
            if (Limited(limit, context) is { } limited) return limited;
            if (await silo.Operators.SignInAsync(request.Code ?? "", context.RequestAborted, came => came.Admitted is not { } admitted ? Telling(silo, "a code")(came.Name)
                : OperatorLines.Of(silo.Time.GetUtcNow(), came.Name, "signed in with a code of the machine", Changed(admitted)?.Before, Changed(admitted)?.After, null)) is not { } signedIn)
            {
                await RefusedAsync(silo, limit, context);
                return ApiProblem.Unauthenticated.With("The code is unknown, used or expired. An admin makes a new one; whoever controls a silo's machine gets one from it.");
            }
            return In(signedIn);
        }).ForAnyone().Produces<Session>().WithSummary("Turns a one-time code into a session.");

        api.MapGet("/session", (HttpContext context) => View(AccessGate.Caller(context)))
            .For(OperatorRole.Viewer).ForMachines().WithSummary("Who is signed in, or whose API token it is, and what they may do now.");

        api.MapDelete("/session", async (HttpContext context) =>
        {
            await silo.Operators.SignOutAsync(AccessGate.Token(context)!, context.RequestAborted);
            return Results.NoContent();
        }).For(OperatorRole.Viewer).Produces(204).WithSummary("Signs out.");

        api.MapGet("/sessions", async (HttpContext context) =>
        {
            var caller = AccessGate.Caller(context);
            var sessions = await silo.Operators.ListAsync(SeesAll(caller) ? null : caller.Name, context.RequestAborted);
            return Results.Ok<IReadOnlyList<SessionView>>([.. sessions.Select(one => new SessionView(one.Id, one.Name, one.StartedAt, one.ExpiresAt, one.How, one.Id == caller.SessionId, one.VouchedAt, one.VouchedUntil, one.SilentSince))]);
        }).For(OperatorRole.Viewer).Produces<IReadOnlyList<SessionView>>().WithSummary("Sessions that count: one's own, and for an admin everybody's.");

        api.MapDelete("/sessions/{session}", async (string session, HttpContext context) =>
        {
            var caller = AccessGate.Caller(context);
            if (await silo.Operators.EndListedAsync(
                    session, SeesAll(caller) ? null : caller.Name, context.RequestAborted,
                    of => [new(silo.Time.GetUtcNow(), EventKind.Operator, $"ended session {session} of {of}", caller.Name)]) is not { } whose)
                return ApiProblem.NotFound.With("There is no such session, or it has ended already.");
            silo.Log.OperatorActed(caller.Name, $"ended session {session} of {whose}");
            return Results.NoContent();
        }).For(OperatorRole.Viewer).Produces(204).Produces<Problem>(404, "application/problem+json").WithSummary("Ends a session: one's own, or for an admin anybody's.");
    }

    internal static IResult? Limited(SignInLimit limit, HttpContext context)
        => limit.Allows(Source(context)) ? null : ApiProblem.RateLimited.With("Too many failed sign-ins from your address; wait a minute.");

    internal static async Task RefusedAsync(Silo silo, SignInLimit limit, HttpContext context)
    {
        await limit.FailedAsync(Source(context), context.RequestAborted);
        silo.Log.SignInRefused(Source(context).ToString());
    }

    /// <summary>What the log says of somebody who comes in.</summary>
    internal static Telling<string> Telling(Silo silo, string with) => name => [new(silo.Time.GetUtcNow(), EventKind.Operator, $"signed in with {with}", name)];

    internal static IResult In(SignedIn signedIn) => Results.Ok(View(signedIn.Identity, signedIn.Token));

    private static OperatorAct? Changed(OperatorAct act) => act.Before == act.After ? null : act;

    private static bool SeesAll(OperatorIdentity caller) => caller.Rights.Everywhere == OperatorRole.Admin;

    private static IPAddress Source(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;

    private static Session View(OperatorIdentity identity, string? token = null) => new(identity.Name, identity.RoleText, identity.ExpiresAt, token, identity.Rights.View(), identity.SessionId, identity.How);
}
