using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using TrustMesh.Contracts.Snapshots;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Hosting;

/// <summary>Puts the web application together: everything needs a signed-in user, except the sign-in page, its files and <c>/livez</c>.</summary>
public static class DashboardApp
{
    /// <exception cref="IOException">The state folder cannot be made.</exception>
    public static WebApplication Create(DashboardSettings settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DashboardApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        // A published dashboard has its files beside it; a built one finds them through the list the build leaves in its place.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(settings.Listen.ToString());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        // It warns that keys lie on disk unencrypted. They do, as those of the silo beside it do: for the owner alone.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new SiloConnection(settings.Silos));
        builder.Services.AddSingleton<FleetTrend>();
        builder.Services.AddScoped<SignedIn>();
        builder.Services.AddScoped<LiveFeed>();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSessionKeys(settings.State);
        builder.Services.AddSessionCookie();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(SessionCookie.SignedInPolicy);
        builder.Services.AddResponseCompression(compression => (compression.EnableForHttps, compression.MimeTypes) = (true, [SnapshotFormat.MediaType, "application/json"]));
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAntiforgery(antiforgery => (antiforgery.Cookie.Name, antiforgery.Cookie.SecurePolicy) = ("trustmesh.form", CookieSecurePolicy.SameAsRequest));
        // A page of another site that rebinds its name to 127.0.0.1 is turned away before anything else looks at the request.
        builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]", .. settings.Hosts]);
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded => forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedProto);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(circuits => circuits.DetailedErrors = false);

        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseHostFiltering();
        app.UseSecurityHeaders();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        // For people who follow a link; a script or a form gets the bare status.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use((context, next) =>
        {
            // Not in a branch of its own: that has no routes, and the page would be empty.
            if (!IsNavigation(context) && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
                pages.Enabled = false;
            return next(context);
        });
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        // Of a large mesh a tenth goes over the wire. Only what everybody who is signed in may see, and no text of a request is in it: nothing to guess by its length.
        app.UseWhen(context => context.Request.Path.Value is "/feed/snapshot" or "/feed/history", feed => feed.UseResponseCompression());
        app.MapGet("/livez", () => "ok\n").AllowAnonymous();
        app.MapSignOut();
        app.MapPasskeyChallenge();
        app.MapOidc();
        app.MapFeed();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }

    private static bool IsNavigation(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/feed") && !context.Request.Path.StartsWithSegments("/_blazor");
}
