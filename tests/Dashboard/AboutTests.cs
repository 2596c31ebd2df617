using System.Text.Json;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Host;

namespace TrustMesh.Tests.Dashboard;

public sealed class AboutTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task About_lists_what_dashboard_and_silo_are_made_of_and_hands_out_both_lists()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        var (page, complaints) = await SignedInAsync(dashboard, "/settings?tab=about");
        foreach (var (region, file, program) in new[] { ("Packages of the dashboard", "dashboard", typeof(SbomPart).Assembly), ("Packages of the silo", "silo", typeof(SiloProcess).Assembly) })
        {
            var own = await File.ReadAllBytesAsync(Sbom.FileOf(program));
            using var document = JsonDocument.Parse(own);
            var parts = SbomPart.Of(document.RootElement);
            var rows = page.GetByRole(AriaRole.Region, new() { Name = region }).Locator("tbody tr");
            await Assertions.Expect(rows).ToHaveCountAsync(parts.Count);
            Assert.Equal(parts.Select(part => $"{part.Name}\t{part.Version}\t{part.Licence}\t{part.From}"), (await rows.AllInnerTextsAsync()).Select(text => text.Trim()));
            var link = page.Locator($"a[href='/feed/{file}.cdx.json']");
            var download = await page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
            Assert.Equal($"trustmesh-{file}.cdx.json", download.SuggestedFilename);
            Assert.Equal(own, await File.ReadAllBytesAsync(await download.PathAsync()));
        }
        await page.GetByText("sigma 3").ClickAsync();
        await Assertions.Expect(page.Locator("details[open] pre.licence")).ToContainTextAsync("Permission is hereby granted");
        Assert.Empty(complaints);
        using var stranger = dashboard.Client();
        foreach (var path in new[] { "/feed/dashboard.cdx.json", "/feed/silo.cdx.json" })
        {
            using var answer = await stranger.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Contains((int)answer.StatusCode, new[] { 302, 401 });
        }
    }
}
