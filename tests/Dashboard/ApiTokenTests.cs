using System.Net;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Dashboard;

/// <summary>API tokens under Settings, against a real silo.</summary>
public sealed class ApiTokenTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task A_token_is_made_by_keyboard_shown_once_used_by_a_machine_and_revoked_and_a_viewer_sees_what_is_missing()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var dashboard = await RunningDashboard.BesideAsync(silo);
        var code = (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ada", "admin"))).Code;
        var (page, complaints) = await SignedInAsync(dashboard, "/settings?tab=tokens", code);
        await LiveAsync(page);

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("backup-job");
        await page.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync("operator");
        await page.GetByLabel("Sites (none: all)").FillAsync("oslo");
        await page.GetByLabel("Valid for").SelectOptionAsync("7");
        await page.GetByLabel("What for (optional)").FillAsync("nightly copies");
        await page.Keyboard.PressAsync("Enter");
        var made = page.GetByTestId("made-token");
        await Assertions.Expect(made).ToContainTextAsync("shown only once");
        var secret = await made.Locator("code").First.InnerTextAsync();
        Assert.Equal(secret, await made.GetByRole(AriaRole.Button, new() { Name = "Copy the token" }).GetAttributeAsync("data-copy"));
        var row = page.Locator("tr[data-token='backup-job']");
        await Assertions.Expect(row).ToContainTextAsync("viewer, operator at oslo");
        await Assertions.Expect(row).ToContainTextAsync("expires soon");

        using var machine = silo.Client(secret);
        Assert.Equal(HttpStatusCode.OK, (await machine.GetAsync("devices")).StatusCode);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have it" }).ClickAsync();
        await Assertions.Expect(made).ToHaveCountAsync(0);
        Assert.DoesNotContain(secret[^43..], await page.ContentAsync(), StringComparison.Ordinal);
        await page.ReloadAsync();
        await Assertions.Expect(row).ToBeVisibleAsync();
        Assert.DoesNotContain("tma_", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("tma_", dashboard.Log.Text, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke backup-job" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true })).ToBeDisabledAsync();
        await dialog.GetByLabel("Reason").FillAsync("moved to another host");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("backup-job is revoked; it opens nothing any more.")).ToBeVisibleAsync();
        await Assertions.Expect(row).ToContainTextAsync("revoked by ada");
        Assert.Equal(HttpStatusCode.Unauthorized, (await machine.GetAsync("devices")).StatusCode);

        var (other, _) = await SignedInAsync(dashboard, "/settings?tab=tokens", (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("vera", "viewer"))).Code);
        await Assertions.Expect(other.GetByText("Needs admin for the whole mesh; you are signed in as viewer. API tokens are an admin's matter")).ToBeVisibleAsync();
        await Assertions.Expect(other.GetByRole(AriaRole.Table)).ToHaveCountAsync(0);
        Assert.Empty(complaints);
    }
}
