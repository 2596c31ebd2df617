using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Sessions;

/// <summary>Ends the silo's session, then the cookie. A POST with the form's antiforgery token, so that no link can do it.</summary>
public static class SignOut
{
    public static void MapSignOut(this IEndpointRouteBuilder routes) => routes.MapPost("/sign-out", async (
        HttpContext context, IAntiforgery antiforgery, SiloConnection connection, ILoggerFactory logs) =>
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return Results.BadRequest();
        try
        {
            await connection.For(SessionCookie.Token(context.User)).EndSessionAsync(context.RequestAborted);
        }
        catch (SiloException problem)
        {
            // The cookie goes in any case; the silo's session then ends by its own clock.
            SiloLog.SessionNotEnded(logs.CreateLogger(typeof(SignOut)), problem.Code);
        }
        var there = SessionCookie.IsFederated(context.User);
        await context.SignOutAsync();
        return Results.LocalRedirect(SignInAddress.To(there ? "signed-out-here" : "signed-out", null));
    });
}
