using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using TrustMesh.Contracts;
using TrustMesh.Host.Device;
using TrustMesh.Host.Oidc;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Host.Operator;

/// <summary>Where the OpenID provider says that somebody is signed out (OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8): whoever brings the token, it speaks for itself.</summary>
public static class BackChannelRoutes
{
    /// <summary>
    /// Tokens judged a second, of whoever comes, as they come without a name: enough for a provider, and little for a flood (attack A42). It is not the limit of sign-ins, which a flood
    /// here must not use up; and if it keeps a real token out, the session ends when the provider is asked the next time.
    /// </summary>
    private const int PerSecond = 20;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        var limit = new RateLimit<string>(PerSecond, silo.Time);
        api.MapPost("/session/oidc/logout", async (HttpContext context) =>
        {
            if (silo.Oidc is not { } oidc) return Refusal("No OpenID provider is set up.");
            if (!limit.TryTake("")) return Refusal("Too many at once; send it again in a moment.");
            var (said, why) = await JudgeAsync(oidc, context.Request);
            if (said is null) return Refused(silo, why);
            try
            {
                var ended = await silo.Federation.LogOutAsync(said, context.RequestAborted, name => [new(silo.Time.GetUtcNow(), EventKind.Operator, "the OpenID provider signed them out, the session ended", name)]);
                return ended is null ? Refused(silo, "it came before") : Results.Ok();
            }
            catch (Exception failed) when (failed is IOException or SqliteException)
            {
                // 2.8: what could not be done is said, with the only status there is for that.
                silo.Log.OidcInterrupted(failed.Message);
                return Refusal("It could not be carried out; send it again.");
            }
        }).ForAnyone().Produces(200).Produces<LogoutRefusal>(400).WithSummary("Ends sessions at the word of the OpenID provider: logout_token of a form.");
    }

    private static async Task<(ProviderLogout? Said, string Why)> JudgeAsync(OidcClient oidc, HttpRequest request)
    {
        // What is larger than any token was turned away before: a body of this listener has 16 KiB.
        if (request.ContentType?.Split(';')[0].Trim() is not "application/x-www-form-urlencoded") return (null, "not a form");
        try
        {
            return (await request.ReadFormAsync(request.HttpContext.RequestAborted))["logout_token"] is [{ } token] ? await oidc.Logouts.JudgeAsync(token) : (null, "not one logout_token");
        }
        catch (InvalidDataException)
        {
            return (null, "not a form");
        }
    }

    private static IResult Refused(Silo silo, string why)
    {
        silo.Log.OidcLogoutRefused(why);
        return Refusal("The logout token is not accepted here.");
    }

    private static IResult Refusal(string description) => Results.Json(new LogoutRefusal("invalid_request", description), ApiJson.Default.LogoutRefusal, statusCode: 400);
}
