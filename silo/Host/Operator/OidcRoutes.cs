using System.Buffers.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Passkeys;

namespace TrustMesh.Host.Operator;

/// <summary>Signing in by an OpenID provider's word.</summary>
public static class OidcRoutes
{
    private const int BindingSize = 32, LongestOrigin = 300;

    public static void Map(IEndpointRouteBuilder api, Silo silo, SignInLimit limit)
    {
        api.MapGet("/session/ways", () => new SignInWays(silo.Settings.Oidc?.Issuer.Host)).ForAnyone().WithSummary("How people can sign in besides codes and passkeys.");

        api.MapPost("/session/oidc/start", async (SignInStart start, HttpContext context) =>
        {
            if (silo.Oidc is not { } oidc) return None();
            if (Binding(start.Binding) is not { } binding || start.Origin is not { Length: > 0 and <= LongestOrigin }) return ApiProblem.Invalid.With("binding must be base64url of 32 bytes, and origin one of a page.");
            var nonce = await silo.Federation.BeginAsync(start.Origin, binding, context.RequestAborted);
            return Results.Ok(await oidc.StartAsync(nonce, FederationDesk.Seconds, context.RequestAborted));
        }).ForAnyone().Produces<OidcStart>().Produces<Problem>(404, "application/problem+json").WithSummary("Begins a sign-in at the OpenID provider.");

        api.MapPost("/session/oidc", async (OidcSignIn asked, HttpContext context) =>
        {
            if (silo.Oidc is not { } oidc) return None();
            if (SessionRoutes.Limited(limit, context) is { } limited) return limited;
            var (person, why) = await oidc.JudgeAsync(asked.IdToken);
            if (person is not null && Binding(asked.Binding) is { } binding && asked.Origin is { Length: > 0 and <= LongestOrigin })
            {
                (var signedIn, why, _) = await silo.Federation.SignInAsync(
                    person, asked.Origin, binding, context.RequestAborted,
                    changed => OperatorLines.Of(silo.Time.GetUtcNow(), changed.Name, $"rights of {changed.Name}", changed.Act.Before, changed.Act.After, "groups of the OpenID provider"),
                    SessionRoutes.Telling(silo, "the word of the OpenID provider"));
                if (signedIn is not null) return SessionRoutes.In(signedIn);
            }
            await SessionRoutes.RefusedAsync(silo, limit, context);
            silo.Log.OidcRefused(why);
            return ApiProblem.Unauthenticated.With("This sign-in is not accepted here. Try again; if it goes on, ask an admin which of your groups has a role.");
        }).ForAnyone().Produces<Session>().Produces<Problem>(401, "application/problem+json").WithSummary("Turns an ID token into a session.");
    }

    private static IResult None() => ApiProblem.NotFound.With("No OpenID provider is set up; start the silo with --oidc-issuer, --oidc-client and --oidc-group.");

    private static byte[]? Binding(string? text) => text is not null && Base64Url.IsValid(text, out var size) && size == BindingSize ? Base64Url.DecodeFromChars(text) : null;
}
