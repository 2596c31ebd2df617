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
    private readonly string _secret = Path.Combine(Path.GetTempPath(), $"trustmesh-oidc-{Guid.NewGuid():n}");

    [Fact]
    public async Task A_person_goes_to_the_provider_and_comes_back_signed_in_where_they_wanted_to_be()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Oidc = OidcApiTests.Settings(authority) });
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
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Whom_the_provider_vouches_for_without_a_group_that_counts_is_told_so()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        authority.Groups = ["everybody"];
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Oidc = OidcApiTests.Settings(authority) });
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
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Oidc = OidcApiTests.Settings(authority) });
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

    public void Dispose() => File.Delete(_secret);

    private async Task<WebApplication> DashboardOfAsync(RunningSilo silo)
    {
        await File.WriteAllTextAsync(_secret, OpenIdAuthority.Secret + "\n");
        var app = DashboardApp.Create(new DashboardSettings([new(silo.Process.OperatorAddress.GetLeftPart(UriPartial.Authority))], new Uri("http://127.0.0.1:0"), null, null, [], _secret));
        await app.StartAsync();
        return app;
    }
}
