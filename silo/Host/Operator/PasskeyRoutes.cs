using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Passkeys;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Host.Operator;

/// <summary>Passkeys: signing in with one, and one's own.</summary>
public static class PasskeyRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo, SignInLimit limit)
    {
        api.MapPost("/session/challenge", async (SignInStart start, HttpContext context)
            => await silo.Passkeys.BeginAsync(start, context.RequestAborted) is { } challenge ? Results.Ok(challenge) : WrongOrigin(silo))
            .ForAnyone().Produces<PasskeyChallenge>().Produces<Problem>(400, "application/problem+json").WithSummary("Begins a sign-in with a passkey.");

        api.MapPost("/session/passkey", async (PasskeySignIn asked, HttpContext context) =>
        {
            if (SessionRoutes.Limited(limit, context) is { } limited) return limited;
            var outcome = await silo.Passkeys.SignInAsync(asked, context.RequestAborted, SessionRoutes.Telling(silo, "a passkey"));
            if (outcome.In is { } signedIn) return SessionRoutes.In(signedIn);
            await SessionRoutes.RefusedAsync(silo, limit, context);
            silo.Log.PasskeyRefused(outcome.Why);
            // Everything was right but the counter: that is no mistake of a person.
            if (outcome.Copied is { } copied)
                await silo.TellAllAsync(OperatorLines.Of(silo.Time.GetUtcNow(), "sign-in", $"refused passkey {copied}: its counter went back, somebody may have a copy", null, null, null));
            return ApiProblem.Unauthenticated.With("This passkey is not accepted here. Try again; if it goes on, ask an admin for a one-time code.");
        }).ForAnyone().Produces<Session>().Produces<Problem>(401, "application/problem+json").WithSummary("Turns a passkey's answer into a session.");

        api.MapGet("/session/passkeys", async (HttpContext context, CancellationToken cancellation) => Results.Ok(await silo.Passkeys.ListAsync(AccessGate.Caller(context).Name, cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<PasskeyView>>().WithSummary("One's own passkeys.");

        api.MapPost("/session/passkeys/options", async (SignInStart start, HttpContext context) =>
        {
            var name = AccessGate.Caller(context).Name;
            if (await silo.Passkeys.RefusesAsync(name, context.RequestAborted) is { } refused) return ApiProblem.Invalid.With(refused);
            return await silo.Passkeys.BeginAsync(name, start, context.RequestAborted) is { } creation ? Results.Ok(creation) : WrongOrigin(silo);
        }).For(OperatorRole.Viewer).Produces<PasskeyCreation>().Produces<Problem>(400, "application/problem+json").WithSummary("Begins the registration of a passkey.");

        api.MapPost("/session/passkeys", async (PasskeyRegistration asked, HttpContext context) =>
        {
            var name = AccessGate.Caller(context).Name;
            var (made, why) = await silo.Passkeys.RegisterAsync(
                name, asked, context.RequestAborted, called => OperatorLines.Of(silo.Time.GetUtcNow(), name, $"registered passkey {called}", null, null, null));
            if (made is null) return ApiProblem.Invalid.With(why);
            silo.Log.OperatorActed(name, "registered a passkey");
            return Results.Ok(made);
        }).For(OperatorRole.Viewer).Produces<PasskeyView>().Produces<Problem>(400, "application/problem+json").WithSummary("Registers a passkey for whoever is signed in.");

        api.MapDelete("/session/passkeys/{passkey}", async (string passkey, HttpContext context) =>
        {
            var name = AccessGate.Caller(context).Name;
            var (removed, refused) = await silo.Passkeys.RemoveAsync(
                name, passkey, context.RequestAborted, called => OperatorLines.Of(silo.Time.GetUtcNow(), name, $"removed passkey {called}", null, null, null));
            if (refused is not null) return ApiProblem.Conflict.With(refused);
            if (removed is null) return ApiProblem.NotFound.With("You have no such passkey.");
            silo.Log.OperatorActed(name, "removed a passkey");
            return Results.NoContent();
        }).For(OperatorRole.Viewer).Produces(204).Produces<Problem>(404, "application/problem+json").Produces<Problem>(409, "application/problem+json").WithSummary("Removes one of one's own passkeys, not the last.");
    }

    private static IResult WrongOrigin(Silo silo)
        => ApiProblem.Invalid.With($"Nobody signs in with a passkey at this origin; people do at {silo.Passkeys.Origins.Text}. Start the silo with --operator-origin to change it.");
}
