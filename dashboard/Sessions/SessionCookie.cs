using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Sessions;

/// <summary>
/// The cookie of a signed-in user: name, role and the silo's bearer token, encrypted with <see cref="SessionKeys"/>. The browser's scripts cannot
/// read it, other sites cannot send it, and it ends with the silo's session.
/// </summary>
public static class SessionCookie
{
    private const string TokenClaim = "trustmesh:silo-token", HowClaim = "trustmesh:how";

    public static AuthorizationPolicy SignedInPolicy { get; } =
        new AuthorizationPolicyBuilder(CookieAuthenticationDefaults.AuthenticationScheme).RequireAuthenticatedUser().Build();

    public static void AddSessionCookie(this IServiceCollection services) => services
        .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
        .AddCookie(cookie =>
        {
            cookie.Cookie.Name = "trustmesh.session";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.SlidingExpiration = false;
            cookie.Events.OnRedirectToLogin = context =>
            {
                // A script that fetches wants to know; a person wants the form.
                if (context.Request.Path.StartsWithSegments("/feed") || context.Request.Path.StartsWithSegments("/_blazor"))
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                else
                    context.Response.Redirect(SignInAddress.To(null, context.Request.Path + context.Request.QueryString));
                return Task.CompletedTask;
            };
        });

    /// <param name="session">The silo's answer to a sign-in, with its token.</param>
    public static Task SignInAsync(HttpContext context, Session session)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, session.Name), new Claim(ClaimTypes.Role, session.Role), new Claim(HowClaim, session.How ?? ""),
                new Claim(TokenClaim, session.Token ?? throw new ArgumentException("A session without a token cannot be kept.", nameof(session))),
            ],
            CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        return context.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = session.ExpiresAt, IsPersistent = false });
    }

    /// <summary>They came by an OpenID provider's word.</summary>
    public static bool IsFederated(ClaimsPrincipal user) => user.FindFirstValue(HowClaim) == "oidc";

    /// <summary>The silo's bearer token; null for somebody who is not signed in.</summary>
    public static string? Token(ClaimsPrincipal user) => user.FindFirstValue(TokenClaim);
}
