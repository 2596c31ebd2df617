using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Sessions;

/// <summary>
/// Signing in at an OpenID provider: authorization code with PKCE (RFC 6749, RFC 7636, RFC 9700). The way there and back is held together by a cookie of this
/// browser; the silo trades the code, so that no token ever comes here. And what the provider says when somebody signs out there, which goes to the silo unread.
/// </summary>
public static class OidcEndpoints
{
    private const string Cookie = "trustmesh.oidc", Done = "/sign-in/oidc/done";
    private const int LongestAnswer = 2048, LargestLogout = 16 * 1024;

    public static void MapOidc(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/oidc", LeaveAsync).AllowAnonymous();
        routes.MapGet(Done, ReturnAsync).AllowAnonymous();
        routes.MapGet("/sign-in/oidc/leave", SignOutThereAsync).AllowAnonymous();
        // Called by the provider, which has no cookie and no form of ours: the token speaks for itself, and for nobody else.
        routes.MapPost("/sign-in/oidc/logout", LoggedOutAsync).AllowAnonymous().DisableAntiforgery();
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, SiloConnection connection, IDataProtectionProvider protection, ILoggerFactory logs, string? back)
    {
        var (origin, binding) = (BrowserBinding.Origin(context), BrowserBinding.Create());
        try
        {
            var start = await connection.For(null).OidcStartAsync(new SignInStart(origin, binding), context.RequestAborted);
            var journey = new OidcJourney(BrowserBinding.Create(), BrowserBinding.Create(), binding, start.Issuer, origin + Done, SignInAddress.Local(back));
            context.Response.Cookies.Append(Cookie, Protector(protection).Protect(JsonSerializer.Serialize(journey), TimeSpan.FromSeconds(start.Seconds)), Options(context, TimeSpan.FromSeconds(start.Seconds)));
            var query = QueryString.Create(new Dictionary<string, string?>
            {
                ["response_type"] = "code", ["client_id"] = start.ClientId, ["redirect_uri"] = journey.RedirectUri, ["scope"] = start.Scope, ["state"] = journey.State, ["nonce"] = start.Nonce,
                ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(journey.Verifier))), ["code_challenge_method"] = "S256",
            });
            return Results.Redirect(WithQuery(start.AuthorizationEndpoint, query));
        }
        catch (SiloException problem)
        {
            SiloLog.ProviderFailed(logs.CreateLogger(typeof(OidcEndpoints)), problem.Code);
            return Results.LocalRedirect(SignInAddress.To("provider-failed", back));
        }
    }

    private static async Task<IResult> ReturnAsync(
        HttpContext context, SiloConnection connection, IDataProtectionProvider protection, ILoggerFactory logs, string? code, string? state, string? iss)
    {
        var journey = Journey(context, protection);
        context.Response.Cookies.Delete(Cookie, Options(context, null));
        // Whoever comes without the cookie was sent here by somebody else: that would be signing in as them (RFC 9700 4.7).
        if (journey is null || code is not { Length: > 0 and <= LongestAnswer } || state is null || (iss is not null && iss != journey.Issuer)
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(journey.State)))
            return Results.LocalRedirect(SignInAddress.To("provider-failed", journey?.Back));
        try
        {
            var session = await connection.For(null).SignInAsync(new OidcSignIn(BrowserBinding.Origin(context), journey.Binding, code, journey.Verifier, journey.RedirectUri), context.RequestAborted);
            await SessionCookie.SignInAsync(context, session);
        }
        catch (SiloException problem)
        {
            SiloLog.ProviderFailed(logs.CreateLogger(typeof(OidcEndpoints)), problem.Code);
            return Results.LocalRedirect(SignInAddress.To(problem.Code == "unauthenticated" ? "provider-refused" : "provider-failed", journey.Back));
        }
        // A page of ours goes on from here: a redirect would still count as coming from the provider, and our cookie is for nobody who does.
        var next = HtmlEncoder.Default.Encode(journey.Back);
        return Results.Content($"""<!DOCTYPE html><html lang="en"><head><title>Signed in</title><link rel="icon" type="image/svg+xml" href="/icon.svg"><meta http-equiv="refresh" content="0;url={next}"></head><body><p>You are signed in. <a href="{next}">Go on</a></p></body></html>""", "text/html; charset=utf-8");
    }

    /// <summary>
    /// Signing out at the provider too (OpenID Connect RP-Initiated Logout 1.0). Without an ID token as a hint, which would stand in an address: the provider knows its own browser, and
    /// asks the person instead.
    /// </summary>
    private static async Task<IResult> SignOutThereAsync(HttpContext context, SiloConnection connection)
    {
        var back = SignInAddress.To(null, null);
        try
        {
            if (await connection.For(null).WaysAsync(context.RequestAborted) is not { EndSession: { } address, ClientId: { } client })
                return Results.LocalRedirect(back);
            var query = QueryString.Create(new Dictionary<string, string?> { ["client_id"] = client, ["post_logout_redirect_uri"] = BrowserBinding.Origin(context) + back });
            return Results.Redirect(WithQuery(address, query));
        }
        catch (SiloException)
        {
            // The page there says what is the matter.
            return Results.LocalRedirect(back);
        }
    }

    private static async Task<IResult> LoggedOutAsync(HttpContext context, SiloConnection connection, ILoggerFactory logs)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.ContentType?.Split(';')[0].Trim() is "application/x-www-form-urlencoded" && await FormAsync(context) is { } form)
        {
            try
            {
                await connection.For(null).LogOutByProviderAsync(form, context.RequestAborted);
                return Results.Ok();
            }
            catch (SiloException problem)
            {
                SiloLog.ProviderLogoutFailed(logs.CreateLogger(typeof(OidcEndpoints)), problem.Code);
            }
        }
        // 2.8: whatever went wrong.
        return Results.Json(new LogoutRefusal("invalid_request", "The logout token is not accepted here."), statusCode: 400);
    }

    /// <summary>The body as it came; null if it is larger than any token.</summary>
    private static async Task<byte[]?> FormAsync(HttpContext context)
    {
        var form = new byte[LargestLogout + 1];
        var read = await context.Request.Body.ReadAtLeastAsync(form, form.Length, throwOnEndOfStream: false, context.RequestAborted);
        return read <= LargestLogout ? form[..read] : null;
    }

    private static string WithQuery(string address, QueryString query) => address + (address.Contains('?', StringComparison.Ordinal) ? "&" + query.Value![1..] : query.Value);

    private static OidcJourney? Journey(HttpContext context, IDataProtectionProvider protection)
    {
        try
        {
            return context.Request.Cookies[Cookie] is { } kept ? JsonSerializer.Deserialize<OidcJourney>(Protector(protection).Unprotect(kept)) : null;
        }
        catch (Exception bad) when (bad is CryptographicException or JsonException or FormatException)
        {
            // Too old, of another dashboard, or made up.
            return null;
        }
    }

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("oidc-journey").ToTimeLimitedDataProtector();

    /// <summary>Lax, as the browser comes back from another site.</summary>
    private static CookieOptions Options(HttpContext context, TimeSpan? life) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true, Path = "/sign-in/oidc", MaxAge = life };
}
