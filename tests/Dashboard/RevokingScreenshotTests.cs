using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Every step of revoking many in both themes and on a phone, for the eye; kept where TRUSTMESH_SCREENSHOTS says.</summary>
public sealed class RevokingScreenshotTests(Browser browser) : DashboardTests(browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1360)]
    [InlineData(ColorScheme.Dark, 1360)]
    [InlineData(ColorScheme.Light, 420)]
    public async Task Every_step_can_be_looked_at(ColorScheme scheme, int width)
    {
        var folder = Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "TRUSTMESH_SCREENSHOTS names no folder to keep them in");
        Directory.CreateDirectory(folder);
        var fleet = FakeFleet.Of(48, 3);
        fleet.Add("<img src=x onerror=alert(1)>", "oslo", "press");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations/new", "code-admin", scheme);
        await page.SetViewportSizeAsync(width, 860);
        await LiveAsync(page);
        Task ShotAsync(string name) => page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"revoke-{name}-{scheme}-{width}.png"), FullPage = true });
        await ShotAsync("0-empty");
        await page.Locator("[data-query-input]").FillAsync("site:oslo model:press,camera");
        await page.GetByTestId("choice").WaitForAsync();
        await page.Locator("h1").ClickAsync();
        await ShotAsync("1-choice");
        await page.Locator("[data-next]").ClickAsync();
        await page.GetByTestId("plan").WaitForAsync();
        await ShotAsync("2-plan");
        dashboard.Silo.Rule = new(2, 24, 2);
        await page.Locator("[data-back]").ClickAsync();
        await page.Locator("[data-next]").ClickAsync();
        await page.GetByTestId("plan").WaitForAsync();
        await page.Locator("[data-next]").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("hall 3 burned down");
        await page.GetByLabel("Type").FillAsync("3");
        await Assertions.Expect(page.GetByTestId("confirm-missing")).ToContainTextAsync("That is not");
        await ShotAsync("3-confirm");
        await page.GetByLabel("Type").FillAsync(await page.GetByTestId("expected").InnerTextAsync());
        await page.Locator("[data-revoke]").ClickAsync();
        await page.GetByTestId("act").WaitForAsync();
        await ShotAsync("4-waits");
        await page.GotoAsync(new Uri(dashboard.Address, "/revocations").ToString());
        await page.Locator("[data-request]").WaitForAsync();
        await ShotAsync("5-list");
        dashboard.Silo.Rule = new(null, 24);
        dashboard.Silo.Unreached = 1;
        await page.GotoAsync(new Uri(dashboard.Address, "/revocations/new?q=site:turku").ToString());
        await LiveAsync(page);
        await page.Locator("[data-next]").ClickAsync();
        await page.GetByTestId("plan").WaitForAsync();
        await page.Locator("[data-next]").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("recalled by the maker");
        await page.GetByLabel("Type").FillAsync(await page.GetByTestId("expected").InnerTextAsync());
        await page.Locator("[data-revoke]").ClickAsync();
        await page.Locator("tr[data-outcome=failed]").WaitForAsync();
        await ShotAsync("6-spreads");
        Assert.Empty(complaints);
    }
}
