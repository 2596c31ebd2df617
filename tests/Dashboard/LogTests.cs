using Microsoft.Playwright;

namespace TrustMesh.Tests.Dashboard;

public sealed class LogTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task The_log_shows_its_checkpoint_and_what_is_appended_while_one_looks()
    {
        var fleet = FakeFleet.Of(8, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/log");
        await Assertions.Expect(page.GetByTestId("size")).ToHaveTextAsync("6");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Checkpoints", Exact = true })).ToContainTextAsync("/log/0");
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Entries", Exact = true }).Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(6);
        await LiveAsync(page);

        dashboard.Silo.Say("revocation", "status list 8: <b>camera-3</b> revoked");

        await Assertions.Expect(page.GetByTestId("size")).ToHaveTextAsync("7");
        await Assertions.Expect(rows.First).ToContainTextAsync("status list 8: <b>camera-3</b> revoked");
        await Assertions.Expect(rows.First).ToContainTextAsync("the mesh");
        Assert.Empty(complaints);
    }
}
