using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Fleet;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The graph of a simulated fleet from every level, at ten thousand devices and at three, for the eye; kept where TRUSTMESH_SCREENSHOTS says.</summary>
[Collection(GraphCollection.Name)]
public sealed class FleetScreenshotTests(Browser browser) : DashboardTests(browser)
{
    [Theory]
    [InlineData(10_000, 100)]
    [InlineData(3, 1)]
    public async Task Every_level_can_be_looked_at_in_both_themes(int devices, int sites)
    {
        var folder = Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "TRUSTMESH_SCREENSHOTS names no folder to keep them in");
        Directory.CreateDirectory(folder);
        var state = Directory.CreateTempSubdirectory("trustmesh-fleet-").FullName;
        try
        {
            await using var running = await RunningFleet.StartAsync(new(devices, sites, 20, 1, Path.Combine(state, "silo"), null, Path.Combine(state, "code")), _ => { }, null, CancellationToken.None);
            await using var dashboard = await RunningDashboard.StartAsync(new FakeFleet(), silos: _ => Task.FromResult<IReadOnlyList<Uri>>([running.Address]));
            var (page, complaints) = await SignedInAsync(dashboard, "/graph", running.Code);
            await GraphLiveAsync(page);
            var bad = await page.EvaluateAsync<string?>("() => { const n = window.__trustgraph.first('contraindicated') ?? window.__trustgraph.first('trusted'); return n?.id ?? null; }");
            foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1360), (ColorScheme.Dark, 1360), (ColorScheme.Light, 420), (ColorScheme.Dark, 420) })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await page.SetViewportSizeAsync(width, 860);
                await page.GotoAsync(new Uri(dashboard.Address, "/").ToString());
                await LiveAsync(page);
                await page.GetByTestId("peers").WaitForAsync();
                await page.WaitForFunctionAsync("() => document.querySelector('.skeleton') === null");
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"overview-{devices}-{width}-{scheme}.png"), FullPage = width == 420 });
            }
            await page.SetViewportSizeAsync(1360, 860);
            await page.GotoAsync(new Uri(dashboard.Address, "/graph").ToString());
            await GraphLiveAsync(page);
            var site = await page.EvaluateAsync<string?>("id => window.__trustgraph.node(id)?.site ?? null", bad);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                foreach (var (name, query) in new[] { ("fleet", "?level=fleet"), ("all", "?level=all"), ("site", $"?site={site}"), ("grid", $"?site={site}&layout=grid"), ("tree", $"?site={site}&layout=tree"), ("force", $"?site={site}&layout=force"), ("models", "?level=fleet&group=model"), ("focus", $"?focus={bad}&hops=2&blast=1"), ("failed", "?level=fleet&look=contraindicated") })
                {
                    await page.GotoAsync(new Uri(dashboard.Address, "/graph" + query).ToString());
                    await GraphLiveAsync(page);
                    if (name == "site")
                        await page.EvaluateAsync("id => window.__trustgraph.select(id)", bad);
                    await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
                    await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
                    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{devices}-{scheme}.png") });
                }
            }
            Assert.Empty(complaints);
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }
}
