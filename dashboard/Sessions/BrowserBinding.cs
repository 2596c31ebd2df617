using System.Buffers.Text;
using System.Security.Cryptography;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Sessions;

/// <summary>
/// Begins a sign-in with a passkey: a challenge of the silo for this browser alone, which a cookie no script can read tells apart. So a challenge that
/// somebody had signed elsewhere is worth nothing here, and one of here nothing elsewhere.
/// </summary>
public static class BrowserBinding
{
    private const string Cookie = "trustmesh.passkey";

    public static void MapPasskeyChallenge(this IEndpointRouteBuilder routes) => routes.MapPost("/passkey/challenge", async (
        HttpContext context, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery, SiloConnection connection) =>
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return Results.BadRequest();
        var binding = Create();
        try
        {
            var challenge = await connection.For(null).PasskeyChallengeAsync(new(Origin(context), binding), context.RequestAborted);
            context.Response.Cookies.Append(Cookie, binding, Options(context, TimeSpan.FromSeconds(challenge.Seconds)));
            return Results.Json(new { challenge.Challenge, challenge.RpId, challenge.Seconds, Problem = (string?)null });
        }
        catch (SiloException problem)
        {
            return Results.Json(new { Challenge = "", RpId = "", Seconds = 0, Problem = (string?)problem.Message });
        }
    }).AllowAnonymous();

    /// <summary>32 random bytes as base64url.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string Origin(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    /// <summary>This browser's, once.</summary>
    public static string? Take(HttpContext context)
    {
        var binding = context.Request.Cookies[Cookie];
        context.Response.Cookies.Delete(Cookie, Options(context, null));
        return binding;
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? life) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, IsEssential = true, Path = "/", MaxAge = life };
}
