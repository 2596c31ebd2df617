using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Hosting;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Chromium with a virtual authenticator of its own, the real dashboard, a real silo.</summary>
public sealed class PasskeyTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task A_passkey_is_added_and_signs_in_and_the_last_one_stays()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var dashboard = await DashboardOfAsync(silo);
        var (page, complaints) = await OpenAsync();
        var (cdp, authenticator) = await AuthenticatorAsync(page);
        var address = Named(dashboard);
        await page.GotoAsync(address + "/sign-in?back=%2Fsettings");
        await page.GetByLabel("One-time code").FillAsync((await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("vera", "viewer"))).Code);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/settings");
        await LiveAsync(page);

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("work laptop");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("work laptop is added.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove passkey work laptop" })).ToBeDisabledAsync();
        // The same authenticator makes no second one for the same person.
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("again");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has a passkey of yours already");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in?reason=signed-out");

        await page.GotoAsync(address + "/sign-in?back=%2Fsettings");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.WaitForURLAsync("**/settings");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByText("a passkey", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".user-name")).ToHaveTextAsync("vera");

        var kept = await cdp.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = authenticator });
        var credential = kept!.Value.GetProperty("credentials")[0];
        Assert.Equal("localhost", credential.GetProperty("rpId").GetString());
        Assert.True(credential.GetProperty("signCount").GetInt32() >= 1);
        // What chromium sent was in no address and no log.
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_copy_of_an_authenticator_with_an_older_counter_is_refused()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var dashboard = await DashboardOfAsync(silo);
        var (page, _) = await OpenAsync();
        var (cdp, authenticator) = await AuthenticatorAsync(page);
        await RegisteredAsync(page, silo, dashboard);
        var copy = (await cdp.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = authenticator }))!.Value.GetProperty("credentials")[0];
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");

        await cdp.SendAsync("WebAuthn.clearCredentials", new() { ["authenticatorId"] = authenticator });
        await cdp.SendAsync("WebAuthn.addCredential", new() { ["authenticatorId"] = authenticator, ["credential"] = copy });
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in?*");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This passkey is not accepted here");
        Assert.Contains((await silo.GetAsync<LogPage>("log/0/entries")).Entries, line => line.Text.Contains("its counter went back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_passkey_or_without_the_person_s_word_nobody_gets_in_and_the_page_says_why()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var dashboard = await DashboardOfAsync(silo);
        var (page, _) = await OpenAsync();
        var (cdp, authenticator) = await AuthenticatorAsync(page);
        await page.GotoAsync(Named(dashboard) + "/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No passkey was used");

        await RegisteredAsync(page, silo, dashboard);
        // A lock that does not open: the wrong PIN, the wrong finger.
        await cdp.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = authenticator, ["isUserVerified"] = false });
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No passkey was used");
        Assert.Equal("/sign-in", new Uri(page.Url).AbsolutePath);
    }

    [Fact]
    public async Task At_an_address_that_is_a_number_people_are_sent_to_localhost()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var dashboard = await DashboardOfAsync(silo);
        var (page, complaints) = await OpenAsync();
        await page.GotoAsync(dashboard.Urls.First() + "/sign-in");

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in at localhost instead" }).ClickAsync();

        await page.WaitForURLAsync("http://localhost:*/sign-in");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" })).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_challenge_is_given_only_to_a_form_of_ours_and_its_cookie_is_for_no_script_and_no_other_site()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var dashboard = await DashboardOfAsync(silo);
        using var client = new HttpClient { BaseAddress = new(Named(dashboard)) };
        using var bare = await client.PostAsync("/passkey/challenge", null);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, bare.StatusCode);

        var page = await client.GetStringAsync("/sign-in");
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/passkey/challenge") { Headers = { { "RequestVerificationToken", token } } };
        using var answer = await client.SendAsync(request);
        Assert.Equal("localhost", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rpId").GetString());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), one => one.StartsWith("trustmesh.passkey=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=300", cookie, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A person with a passkey in the page's authenticator, signed out, at the sign-in page.</summary>
    private static async Task RegisteredAsync(IPage page, RunningSilo silo, WebApplication dashboard)
    {
        await page.GotoAsync(Named(dashboard) + "/sign-in?back=%2Fsettings");
        await page.GetByLabel("One-time code").FillAsync((await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("vera", "viewer"))).Code);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/settings");
        await LiveAsync(page);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("key");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("key is added.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in?reason=signed-out");
    }

    private static async Task<(ICDPSession Session, string Id)> AuthenticatorAsync(IPage page)
    {
        var cdp = await page.Context.NewCDPSessionAsync(page);
        await cdp.SendAsync("WebAuthn.enable");
        var added = await cdp.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
        return (cdp, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private static async Task<WebApplication> DashboardOfAsync(RunningSilo silo)
    {
        var app = DashboardApp.Create(new DashboardSettings([new(silo.Process.OperatorAddress.GetLeftPart(UriPartial.Authority))], new Uri("http://127.0.0.1:0"), null, null, []));
        await app.StartAsync();
        return app;
    }

    private static string Named(WebApplication dashboard) => dashboard.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
}
