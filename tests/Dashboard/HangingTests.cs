using Microsoft.Playwright;

namespace TrustMesh.Tests.Dashboard;

/// <summary>A silo that hears and does not answer, then breaks off, then answers: what every page says meanwhile is true.</summary>
public sealed class HangingTests(Browser browser) : DashboardTests(browser)
{
    /// <summary>Sentences that may be true, once the silo has said so.</summary>
    private static readonly string[] s_claims =
    [
        "Nobody is waiting", "Nothing has happened", "No device", "Nothing is wrong", "Nothing is silenced", "Nobody is told", "No token is open", "There is no rule", "Nothing was logged", "No such entry",
        "Nothing looks different", "No reference values", "Nobody is revoked", "has examined", "Nothing is saved", "Every device", "Not needed", "left the graph", "can be revoked by you", " 0 ",
    ];

    /// <summary>What comes by requests of the page.</summary>
    private static readonly string[] s_asked =
    [
        "/events", "/changes", "/revocations", "/log", "/policy",
        "/silos", "/alerts", "/alerts?tab=rules", "/alerts?tab=silences",
        "/alerts?tab=webhooks", "/settings", "/settings?tab=people", "/settings?tab=upkeep",
    ];

    /// <summary>What comes by the live feed.</summary>
    private static readonly string[] s_fed =
    [
        "/devices", "/graph?view=table", "/graph?view=table&of=edges&q=site:oslo",
        "/revocations/new?q=site:oslo", "/", "/enrolment",
    ];

    [Fact]
    public async Task Until_the_silo_answers_a_page_claims_nothing_then_says_what_is_wrong_and_fills_when_it_is_asked_again()
    {
        var fleet = FakeFleet.Of(6, calm: 1);
        var id = fleet.Devices.Keys.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var silo = dashboard.Silo;
        var device = $"/devices/{id}";
        var (page, _) = await SignedInAsync(dashboard, "/settings?tab=about", "code-admin");

        silo.Hang();
        await page.GotoAsync(new Uri(dashboard.Address, "/enrolment").ToString());
        await page.WaitForFunctionAsync("() => document.getElementById('live')?.hasAttribute('data-interactive')");
        foreach (var path in s_fed.Concat(s_asked).Append(device))
        {
            await FollowAsync(page, path);
            await page.Locator("main .skeleton, main .failure").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await ClaimsNothingAsync(page, path);
        }
        await FollowAsync(page, "/graph");
        await Assertions.Expect(page.GetByTestId("graph-live")).ToHaveTextAsync("Connecting…");
        await Assertions.Expect(page.Locator("[data-graph-empty]")).ToBeHiddenAsync();
        Assert.All(await page.Locator("[data-graph-count]").AllInnerTextsAsync(), count => Assert.Equal("–", count));

        silo.Cut();
        foreach (var path in s_asked.Append(device))
        {
            silo.Hang();
            silo.Cut();
            await FollowAsync(page, path);
            await Assertions.Expect(page.Locator("main .failure").First).ToContainTextAsync("The silo does not answer");
            await ClaimsNothingAsync(page, path);
            silo.Hang(request => request.StartsWith("/graph", StringComparison.Ordinal));
            silo.Cut();
            await AskAgainAsync(page);
        }
        foreach (var path in s_fed)
        {
            await FollowAsync(page, path);
            await Assertions.Expect(page.Locator("main .failure").First).ToContainTextAsync("The silo does not answer");
            // Rules and tokens of the same page are asked for, and by now there are none.
            Assert.DoesNotMatch("Nobody is waiting|No device|can be revoked by you| 0 ", await page.Locator("main").InnerTextAsync());
        }
        silo.Open();
        await AskAgainAsync(page);
        await LiveAsync(page);
        // Now it is true, and says what to do about it.
        await Assertions.Expect(page.Locator("[aria-labelledby=queue-title]")).ToContainTextAsync("Nobody is waiting.");
        await Assertions.Expect(page.Locator("[aria-labelledby=queue-title]")).ToContainTextAsync("trustmesh enroll token create");
        foreach (var path in s_fed)
        {
            await FollowAsync(page, path);
            await FilledAsync(page);
        }

        silo.Hang(request => request.StartsWith("/edges", StringComparison.Ordinal) || request.EndsWith("/decoded", StringComparison.Ordinal));
        foreach (var tab in new[] { "peers", "evidence" })
        {
            await FollowAsync(page, $"/devices/{id}?tab={tab}");
            await page.Locator("#panel .skeleton").WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await ClaimsNothingAsync(page, tab, "#panel");
        }
        silo.Open();
        await FilledAsync(page);

        // What was true before the silo fell silent stays, and is said to be old, though the feed goes on.
        await FollowAsync(page, "/alerts");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Nothing is wrong");
        silo.Hang(request => request == "/alerts");
        silo.Cut();
        silo.Say("alert", "something");
        await Assertions.Expect(page.GetByTestId("as-before")).ToContainTextAsync("this is what it said before");
        await LiveAsync(page);
        silo.Open();
        await Assertions.Expect(page.GetByTestId("as-before")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_asked_for_while_the_page_still_reads_is_done_after_it()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var silo = dashboard.Silo;
        silo.Hang(request => request == "/operators");
        var (page, complaints) = await SignedInAsync(dashboard, "/settings?tab=people", "code-admin");
        await LiveAsync(page);
        await Assertions.Expect(page.Locator("#panel .skeleton").First).ToBeAttachedAsync();

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("nora");
        await page.Keyboard.PressAsync("Enter");
        // Once is enough.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Invite" })).ToBeDisabledAsync();
        Assert.DoesNotContain(silo.People, one => one.Name == "nora");
        silo.Open();

        await Assertions.Expect(page.GetByTestId("made-code")).ToContainTextAsync("nora");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Invite" })).ToBeEnabledAsync();
        Assert.Empty(complaints);
    }

    private static async Task ClaimsNothingAsync(IPage page, string path, string within = "main")
    {
        var text = $" {(await page.Locator(within).InnerTextAsync()).ReplaceLineEndings(" ")} ";
        Assert.All(s_claims, claim => Assert.False(text.Contains(claim, StringComparison.OrdinalIgnoreCase), $"{path} says \"{claim}\": {text}"));
        Assert.Equal(0, await page.Locator($"{within} tbody tr").CountAsync());
        Assert.All(await page.Locator($"{within} .chip-count, {within} .tab-count").AllInnerTextsAsync(), count => Assert.Equal("–", count));
        if (within == "main")
            Assert.NotEqual("Live", await page.GetByTestId("live").InnerTextAsync());
    }

    /// <summary>Everything on the page that failed, at once: what the feed brings may come by itself before a hand is there.</summary>
    private static async Task AskAgainAsync(IPage page)
    {
        await page.EvaluateAsync("() => document.querySelectorAll('main .failure button').forEach(button => button.click())");
        await FilledAsync(page);
    }

    private static Task FilledAsync(IPage page) => page.WaitForFunctionAsync("() => document.querySelector('main .skeleton, main .failure') === null");
}
