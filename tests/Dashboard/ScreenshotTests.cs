using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Every page in both themes, for the eye; kept where TRUSTMESH_SCREENSHOTS says.</summary>
public sealed class ScreenshotTests(Browser browser) : DashboardTests(browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_page_can_be_looked_at(ColorScheme scheme)
    {
        var folder = Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "TRUSTMESH_SCREENSHOTS names no folder to keep them in");
        Directory.CreateDirectory(folder);
        var fleet = FakeFleet.Of(48, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var bad = fleet.Devices.Values.First(device => device.Look == Looks.Contraindicated);
        var edge = fleet.Edges.Values.First(one => one.To == bad.Id && fleet.Edges.ContainsKey($"{one.To}>{one.From}"));
        fleet.Doubted.Add(bad.Id);
        fleet.Silos = FakeFleet.Cluster();
        dashboard.Silo.Say("peer", "press-9 says contraindicated of camera-3: /app/press.conf", bad);
        dashboard.Silo.Say("alarm", "two devices answer with one identity: reset counter went back", bad);
        dashboard.Silo.Say("revocation", "list 8 signed; 1 device more");
        dashboard.Silo.FireSome();
        dashboard.Silo.Fire("silo-silent", "warning", "silo-3 does not report", [], null, silo: "silo-3");
        foreach (var (at, device) in fleet.Devices.Values.Take(3).Append(bad).Index())
            dashboard.Silo.Pins[("ada", device.Id)] = new(device.Id, -0.3 + (0.2 * at), 0.1);
        // An hour that somebody looked at, but for ten minutes.
        foreach (var ago in Enumerable.Range(0, 60).Where(minute => minute is < 20 or > 30))
            dashboard.Services.GetRequiredService<FleetTrend>().Note("north-works", DateTimeOffset.UtcNow.AddMinutes(-ago), Looks.All.ToDictionary(look => look, look => look == Looks.Revoked ? 3 : 10 + ((ago * look.Length) % 7)));
        var (page, complaints) = await SignedInAsync(dashboard, "/", "code-admin", scheme);
        foreach (var (name, path) in new[]
        {
            ("overview", "/"), ("devices", "/devices"), ("device", $"/devices/{bad.Id}"), ("measurements", $"/devices/{bad.Id}?tab=measurements"), ("identity", $"/devices/{bad.Id}?tab=identity"),
            ("evidence", $"/devices/{bad.Id}?tab=evidence"), ("timeline", $"/devices/{bad.Id}?tab=timeline"), ("enrolment", "/enrolment"), ("policy", "/policy"), ("events", "/events"), ("changes", "/changes"), ("table", "/graph?view=table"),
            ("edges", "/graph?view=table&of=edges"), ("groups", "/graph?view=table&of=groups&group=model"), ("help", "/help"), ("help-dialog", "/devices"), ("help-graph", "/graph?level=fleet&group=tier"), ("site-tree", "/graph?site=oslo&layout=tree"), ("peers", $"/devices/{bad.Id}?tab=peers"), ("peer", $"/devices/{bad.Id}?tab=peers&edge={edge.From}~{edge.To}"), ("revocations", "/revocations"), ("log", "/log"), ("silos", "/silos"), ("alerts", "/alerts"), ("alert-rules", "/alerts?tab=rules"), ("alert-silences", "/alerts?tab=silences"), ("alert-webhooks", "/alerts?tab=webhooks"),
            ("settings-sign-in", "/settings"), ("settings-people", "/settings?tab=people"), ("settings-tokens", "/settings?tab=tokens"), ("settings-about", "/settings?tab=about"), ("settings-sites", "/settings?tab=sites"), ("settings-person", "/settings?tab=sites&who=aksel"), ("settings-upkeep", "/settings?tab=upkeep"),
        })
        {
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            await (name is "help-graph" or "site-tree" ? GraphLiveAsync(page) : LiveAsync(page));
            await page.WaitForLoadStateAsync();
            await page.WaitForFunctionAsync("() => document.querySelector('.skeleton') === null");
            if (name.StartsWith("help-", StringComparison.Ordinal)) await page.Keyboard.PressAsync("?");
            if (name == "site-tree") await page.WaitForFunctionAsync("() => document.querySelector('.site-worst') !== null && !window.__trustgraph.isMoving()");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{scheme}.png"), FullPage = name is "measurements" or "policy" });
        }
        foreach (var (name, path, width) in new[]
        {
            ("devices-columns", "/devices?q=site:oslo&cols=look,name,site,proven,since,expires,fw,agent,policy,tags&order=-since", 1360), ("devices-narrow", "/devices?q=site:oslo", 420), ("edges-narrow", "/graph?view=table&of=edges", 420),
            ("changes-narrow", "/changes", 420), ("events-narrow", "/events", 420), ("revocations-narrow", "/revocations", 420), ("log-narrow", "/log", 420), ("settings-about-narrow", "/settings?tab=about", 420), ("settings-sites-narrow", "/settings?tab=sites&site=oslo", 420), ("settings-upkeep-narrow", "/settings?tab=upkeep", 420), ("overview-narrow", "/", 420), ("settings-about-all", "/settings?tab=about", 1360),
        })
        {
            await page.SetViewportSizeAsync(width, 860);
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            await LiveAsync(page);
            await page.WaitForFunctionAsync("() => document.querySelector('.skeleton') === null");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{scheme}.png"), FullPage = true });
        }
        foreach (var (name, silos, width) in new[] { ("silo", FakeFleet.Cluster()[..1], 1360), ("silos-narrow", FakeFleet.Cluster(), 420), ("silos-12", FakeFleet.Cluster(12), 1360) })
        {
            fleet.Silos = silos;
            await page.SetViewportSizeAsync(width, 860);
            await page.GotoAsync(new Uri(dashboard.Address, "/silos").ToString());
            await Assertions.Expect(page.Locator(".silo")).ToHaveCountAsync(silos.Length);
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{scheme}.png"), FullPage = true });
        }
        foreach (var (name, tab, button, width) in new[]
        {
            ("alert-acknowledge", "now", "Acknowledge: 3 devices", 1360), ("alert-silence", "now", "Silence: 3 devices", 1360), ("alerts-narrow", "now", "", 420), ("alert-deliveries", "webhooks", "Deliveries of wiki", 1360),
            ("alert-rules-narrow", "rules", "", 420),
        })
        {
            await page.SetViewportSizeAsync(width, 860);
            await page.GotoAsync(new Uri(dashboard.Address, $"/alerts?tab={tab}").ToString());
            await LiveAsync(page);
            await page.WaitForFunctionAsync("() => document.querySelector('.skeleton') === null");
            if (button.Length > 0) await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            if (tab == "webhooks") await page.GetByTestId("deliveries").GetByRole(AriaRole.Table).WaitForAsync();
            else if (button.Length > 0) await page.GetByRole(AriaRole.Dialog).WaitForAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{scheme}.png"), FullPage = button.Length == 0 });
        }
        foreach (var (name, width) in new[] { ("settings-tokens-made", 1360), ("settings-tokens-narrow", 420) })
        {
            await page.SetViewportSizeAsync(width, 860);
            await page.GotoAsync(new Uri(dashboard.Address, "/settings?tab=tokens").ToString());
            await LiveAsync(page);
            await page.GetByLabel("Name", new() { Exact = true }).FillAsync($"night-job-{width}");
            await page.Keyboard.PressAsync("Enter");
            await page.GetByTestId("made-token").WaitForAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{scheme}.png"), FullPage = true });
        }
        foreach (var tab in new[] { "verdict", "peers", "identity" })
        {
            await page.SetViewportSizeAsync(420, 860);
            await page.GotoAsync(new Uri(dashboard.Address, $"/devices/{bad.Id}?tab={tab}").ToString());
            await LiveAsync(page);
            await page.WaitForFunctionAsync("() => document.querySelector('.skeleton') === null");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"device-{tab}-narrow-{scheme}.png"), FullPage = true });
        }
        await page.SetViewportSizeAsync(1360, 860);
        await page.GotoAsync(new Uri(dashboard.Address, "/graph?site=oslo").ToString());
        await GraphLiveAsync(page);
        await page.WaitForSelectorAsync(".site-worst");
        for (var i = 0; i < 2; i++)
            await page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        await page.WaitForSelectorAsync(".graph-map:not([hidden])");
        await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"site-{scheme}.png") });
        await page.GotoAsync(new Uri(dashboard.Address, $"/graph?at={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddMinutes(-25).ToString("O"))}").ToString());
        await GraphLiveAsync(page);
        await page.WaitForSelectorAsync("[data-replay-marks] rect");
        await page.EvaluateAsync("id => window.__trustgraph.select(id)", bad.Id);
        await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"replay-{scheme}.png") });
        await page.GotoAsync(new Uri(dashboard.Address, "/graph").ToString());
        await GraphLiveAsync(page);
        await page.EvaluateAsync("id => window.__trustgraph.select(id)", bad.Id);
        await page.WaitForSelectorAsync(".panel-because");
        await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"graph-{scheme}.png") });
        await page.EvaluateAsync("([from, to]) => window.__trustgraph.selectEdge(from, to)", new[] { edge.From, edge.To });
        await page.WaitForSelectorAsync(".edge-sides");
        await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"edge-{scheme}.png") });
        await page.EvaluateAsync("() => window.__trustgraph.select(null)");
        await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"mesh-{scheme}.png") });
        await page.EvaluateAsync("() => { document.documentElement.dataset.theme = 'contrast'; }");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "mesh-contrast.png") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in?reason=signed-out");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"sign-in-{scheme}.png") });
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_small_mesh_makes_the_picture_of_the_documentation(ColorScheme scheme)
    {
        var folder = Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "TRUSTMESH_SCREENSHOTS names no folder to keep them in");
        Directory.CreateDirectory(folder);
        var fleet = new FakeFleet();
        foreach (var (name, site, status, fresh, tier) in new[]
        {
            ("sensor-airport-1", "airport", "affirming", true, "tpm-quote"), ("sensor-airport-2", "airport", "affirming", true, "hardware-key"),
            ("camera-depot-1", "depot", "warning", true, "tpm-quote"), ("sensor-depot-2", "depot", "affirming", true, "tpm-quote"),
            ("sensor-harbour-1", "harbour", "contraindicated", true, "tpm-quote"), ("sensor-harbour-2", "harbour", "affirming", true, "tpm-quote"),
            ("sensor-market-1", "market", "affirming", true, "hardware-key"), ("camera-market-2", "market", "affirming", true, "tpm-quote"),
            ("sensor-north-1", "north", "affirming", true, "tpm-quote"), ("sensor-south-1", "south", "affirming", false, "tpm-quote"),
        })
            fleet.Add(name, site, name[..name.IndexOf('-')], status: status, fresh: fresh, age: 3 + (fleet.Devices.Count * 31), tier: tier);
        fleet.Introduce(4);
        var bad = fleet.Devices.Values.First(device => device.Look == Looks.Contraindicated);
        var edge = fleet.Edges.Values.First(one => one.To == bad.Id && fleet.Edges.ContainsKey($"{one.To}>{one.From}"));
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph", "code-admin", scheme);
        await GraphLiveAsync(page);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"small-{scheme}.png") });
        await page.EvaluateAsync("([from, to]) => window.__trustgraph.selectEdge(from, to)", new[] { edge.From, edge.To });
        await page.WaitForSelectorAsync(".edge-side .rounds");
        await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"small-edge-{scheme}.png") });
        Assert.Empty(complaints);
    }
}
