using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using TrustMesh.Dashboard.Hosting;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Sign-in at an OpenID provider through a browser: a fake provider, the real dashboard, a real silo.</summary>
public sealed class OidcTests(Browser browser) : DashboardTests(browser), IDisposable
{
    private readonly OidcSignIns _signIns = new();

    [Fact]
    public async Task A_person_comes_back_signed_in_is_out_at_once_when_the_provider_says_so_and_signs_out_there_too()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        authority.Refreshes = true;
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Oidc = _signIns.Settings(authority) });
        await using var dashboard = await DashboardOfAsync(silo);
        var (page, complaints) = await OpenAsync();
        await page.GotoAsync(dashboard.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/sign-in?back=%2Fsettings");

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" })).ToBeVisibleAsync();
        if (Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "sign-in-ways-Light.png") });
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with 127.0.0.1" }).ClickAsync();

        await page.WaitForURLAsync("**/settings");
        await LiveAsync(page);
        await Assertions.Expect(page.Locator(".user-name")).ToHaveTextAsync("nora");
        var cookies = await page.Context.CookiesAsync();
        Assert.DoesNotContain(cookies, cookie => cookie.Name == "trustmesh.oidc");
        Assert.Equal(SameSiteAttribute.Strict, cookies.Single(cookie => cookie.Name == "trustmesh.session").SameSite);
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "My sessions" }).Last).ToContainTextAsync("the provider asked");

        // The provider calls, at the dashboard: what is forged changes nothing, what is true ends the page.
        using var provider = new HttpClient { BaseAddress = new(dashboard.Urls.First()) };
        authority.Algorithm = "other";
        using (var forged = await LoggedOutAsync(provider, authority)) Assert.Equal((HttpStatusCode.BadRequest, true), (forged.StatusCode, forged.Headers.CacheControl?.NoStore));
        authority.Algorithm = "RS256";
        await LiveAsync(page);
        using (var said = await LoggedOutAsync(provider, authority)) Assert.Equal((HttpStatusCode.OK, true), (said.StatusCode, said.Headers.CacheControl?.NoStore));
        await page.WaitForURLAsync("**/sign-in?reason=ended**");

        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with 127.0.0.1" }).ClickAsync();
        await page.WaitForURLAsync("**/settings");
        await LiveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in?reason=signed-out-here");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign out at 127.0.0.1 too" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Signed out at the provider.")).ToBeVisibleAsync();
        Assert.Contains("client_id=trustmesh", authority.LeftWith, StringComparison.Ordinal);
        Assert.DoesNotContain("token", authority.LeftWith, StringComparison.Ordinal);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Whom_the_provider_vouches_for_without_a_group_that_counts_is_told_so()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        authority.Groups = ["everybody"];
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Oidc = _signIns.Settings(authority) });
        await using var dashboard = await DashboardOfAsync(silo);
        var (page, _) = await OpenAsync();
        await page.GotoAsync(dashboard.Urls.First() + "/sign-in");

        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with 127.0.0.1" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("which of your groups has a role");
    }

    [Fact]
    public async Task A_link_that_brings_somebody_else_s_code_signs_nobody_in()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Oidc = _signIns.Settings(authority) });
        await using var dashboard = await DashboardOfAsync(silo);
        using var bare = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new(dashboard.Urls.First()) };
        var refused = await bare.GetAsync("/sign-in/oidc/done?code=stolen&state=stolen");
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
        Assert.Contains("provider-failed", refused.Headers.Location!.ToString(), StringComparison.Ordinal);

        // One's own cookie, another's state; and an answer that names another provider.
        using var own = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new(dashboard.Urls.First()) };
        var left = await own.GetAsync("/sign-in/oidc");
        var state = System.Web.HttpUtility.ParseQueryString(left.Headers.Location!.Query)["state"];
        foreach (var query in new[] { "code=x&state=another", $"code=x&state={state}&iss=https://evil.example" })
        {
            var answer = await own.GetAsync($"/sign-in/oidc/done?{query}");
            Assert.Contains("provider-failed", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
            await own.GetAsync("/sign-in/oidc");
        }
    }

    private static Task<HttpResponseMessage> LoggedOutAsync(HttpClient provider, OpenIdAuthority authority)
        => provider.PostAsync("/sign-in/oidc/logout", new FormUrlEncodedContent([new("logout_token", authority.LogoutToken())]));

    public void Dispose() => _signIns.Dispose();

    private static async Task<WebApplication> DashboardOfAsync(RunningSilo silo)
    {
        var app = DashboardApp.Create(new DashboardSettings([new(silo.Process.OperatorAddress.GetLeftPart(UriPartial.Authority))], new Uri("http://127.0.0.1:0"), null, null, []));
        await app.StartAsync();
        return app;
    }
}
