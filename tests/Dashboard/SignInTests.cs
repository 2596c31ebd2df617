using System.Net;
using Microsoft.Playwright;

namespace TrustMesh.Tests.Dashboard;

public sealed class SignInTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task A_good_code_signs_in_and_leads_where_one_wanted_to_go()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        var (page, complaints) = await OpenAsync();

        await page.GotoAsync(new Uri(dashboard.Address, "/devices?look=trusted").ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GetByLabel("One-time code").FillAsync("code-viewer");
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync("**/devices?look=trusted");
        await LiveAsync(page);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_bad_code_is_refused_with_the_fix_and_is_not_shown_again()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        var (page, _) = await OpenAsync();

        await page.GotoAsync(new Uri(dashboard.Address, "/sign-in").ToString());
        await page.GetByLabel("One-time code").FillAsync("wrong-code-123");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Ask for a new one");
        Assert.DoesNotContain("wrong-code-123", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-code-123", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_of_the_silo_too()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        var (page, _) = await SignedInAsync(dashboard, "/");
        await LiveAsync(page);
        var cookies = await page.Context.CookiesAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in?reason=signed-out");

        // The cookie somebody may have copied before is worth nothing now.
        await page.Context.AddCookiesAsync(cookies.Select(cookie => new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = dashboard.Address.ToString() }));
        var answer = await page.APIRequest.GetAsync(new Uri(dashboard.Address, "/feed/snapshot").ToString());
        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task A_session_that_ended_leads_to_the_sign_in_page_with_the_reason()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        var (page, _) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);

        dashboard.Silo.EndSessions();

        await page.WaitForURLAsync("**/sign-in?reason=ended*");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your session has ended");
    }

    [Fact]
    public async Task A_session_that_ended_leads_away_from_the_graph_too()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        var (page, _) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);

        dashboard.Silo.EndSessions();

        await page.WaitForURLAsync("**/sign-in?reason=ended*");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/graph")]
    [InlineData("/devices/anything")]
    [InlineData("/no-such-page")]
    public async Task A37_Pages_are_for_signed_in_users(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1));
        using var client = dashboard.Client();

        var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/sign-in", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/feed/snapshot")]
    [InlineData("GET", "/feed/deltas?after=1")]
    [InlineData("GET", "/feed/evidence/x")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    public async Task A37_Feeds_and_circuits_are_for_signed_in_users(string method, string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1));
        using var client = dashboard.Client();

        var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    public async Task A_form_without_its_antiforgery_token_does_nothing(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1));
        using var client = dashboard.Client();

        var answer = await client.PostAsync(path, new FormUrlEncodedContent([new("Code", "code-admin"), new("_handler", "sign-in")]));

        Assert.False(answer.IsSuccessStatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("trustmesh.session", StringComparison.Ordinal)));
    }
}
