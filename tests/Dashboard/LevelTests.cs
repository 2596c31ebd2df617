using System.Text.Json;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Fleet, site, neighbourhood: the same graph from further away and nearer.</summary>
[Collection(GraphCollection.Name)]
public sealed class LevelTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task Ten_thousand_devices_begin_as_one_chart_per_site_and_three_as_devices()
    {
        await using (var large = await RunningDashboard.StartAsync(FakeFleet.Of(10_000, 100, calm: 0.97, peers: 4)))
        {
            var (page, complaints) = await SignedInAsync(large, "/graph");
            await GraphLiveAsync(page);
            var stats = await StatsAsync(page);
            Assert.Equal("fleet", stats.GetProperty("level").GetString());
            Assert.Equal(100, stats.GetProperty("sites").GetInt32());
            Assert.Equal(0, stats.GetProperty("drawn").GetInt32());
            // The worst are named, worst first, and one click leads there.
            await Assertions.Expect(page.Locator("[data-graph-worst-list] li")).ToHaveCountAsync(5);
            await page.Locator("[data-graph-worst-list] button").First.ClickAsync();
            await Assertions.Expect(page.Locator("[data-graph-trail] [aria-current=location]")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^site-"));
            Assert.Equal(100, (await StatsAsync(page)).GetProperty("drawn").GetInt32());
            Assert.Empty(complaints);
        }
        await using var small = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        var (other, _) = await SignedInAsync(small, "/graph");
        await GraphLiveAsync(other);
        Assert.Equal("all", (await StatsAsync(other)).GetProperty("level").GetString());
    }

    [Fact]
    public async Task The_keyboard_leads_down_and_up_again_and_so_does_Back()
    {
        var fleet = FakeFleet.Of(48, 3, calm: 0.8);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?level=fleet");
        await GraphLiveAsync(page);
        var here = page.Locator("[data-graph-trail] [aria-current=location]");
        await Assertions.Expect(here).ToHaveTextAsync("Whole mesh");

        await page.Locator("[data-graph-canvas]").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator("[data-graph-status]")).ToContainTextAsync("Site ");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().level === 'site'");
        await page.WaitForURLAsync("**/graph?site=*");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("f");
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().level === 'focus'");
        await page.WaitForURLAsync("**/graph?focus=*");

        await page.Keyboard.PressAsync("Backspace");
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().level === 'site'");
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().level === 'all'");

        await page.GoBackAsync();
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().level === 'site'");
        await page.GoBackAsync();
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().level === 'focus'");
        await page.GoBackAsync();
        await page.GoBackAsync();
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().level === 'fleet'");
        await page.GoForwardAsync();
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().level === 'site'");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_link_shows_the_same_site_and_no_device_of_it_moves_when_another_joins()
    {
        var fleet = FakeFleet.Of(40, 2, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/graph?site=oslo");
        await GraphLiveAsync(page);
        Assert.Equal(20, (await StatsAsync(page)).GetProperty("drawn").GetInt32());
        var watched = fleet.Devices.Values.First(device => device.Site == "oslo").Id;
        var before = await PositionAsync(page, watched);

        dashboard.Silo.Change(fleet.Add("late", "oslo", "press"), fleet.Add("elsewhere", "bergen", "press"));
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().drawn === 21");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        Assert.Equal(before, await PositionAsync(page, watched));
        await page.ReloadAsync();
        await GraphLiveAsync(page);
        Assert.Equal(before, await PositionAsync(page, watched));
    }

    [Fact]
    public async Task Around_a_device_are_its_hops_the_way_it_is_trusted_and_who_would_be_left_alone()
    {
        var fleet = new FakeFleet();
        var (a, b, c, d, lonely, far) = (fleet.Add("alfa", "oslo", "press"), fleet.Add("bravo", "oslo", "press"), fleet.Add("charlie", "turku", "press"),
            fleet.Add("delta", "turku", "press"), fleet.Add("lonely", "turku", "press"), fleet.Add("far", "riga", "press"));
        fleet.Judge(a, b);
        fleet.Judge(b, c);
        fleet.Judge(c, d);
        fleet.Judge(d, c);
        fleet.Judge(c, lonely);
        fleet.Judge(far, a);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, $"/graph?focus={c.Id}");
        await GraphLiveAsync(page);
        Assert.Equal(4, (await StatsAsync(page)).GetProperty("drawn").GetInt32());

        await page.GetByRole(AriaRole.Button, new() { Name = "2 hops" }).ClickAsync();
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().drawn === 5");
        await page.WaitForURLAsync($"**/graph?focus={c.Id}&hops=2");

        await page.GetByLabel("How is it trusted by").FillAsync("alfa");
        await page.GetByLabel("How is it trusted by").PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-graph-answer]")).ToContainTextAsync("alfa → bravo → charlie");
        await page.GetByLabel("How is it trusted by").FillAsync("lonely");
        await page.GetByLabel("How is it trusted by").PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-graph-answer]")).ToContainTextAsync("does not come to trust");

        await page.GetByRole(AriaRole.Button, new() { Name = "Blast radius" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-graph-answer]")).ToContainTextAsync("2 devices would lose their only examiner: delta, lonely");
        // Live: somebody else examines it, too.
        dashboard.Silo.Judge(new GraphEdge(b.Id, d.Id, "affirming", true, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(10)));
        await Assertions.Expect(page.Locator("[data-graph-answer]")).ToContainTextAsync("1 device would lose their only examiner: lonely");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_legend_entry_filters_sites_too_and_a_failed_link_between_sites_is_drawn_first()
    {
        var fleet = FakeFleet.Of(60, 6, calm: 1);
        var (one, other) = (fleet.Devices.Values.First(device => device.Site == "oslo"), fleet.Devices.Values.First(device => device.Site == "riga"));
        fleet.Devices[other.Id] = FakeFleet.Redraw(other with { Status = "contraindicated" });
        fleet.Judge(one, other, status: "contraindicated");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/graph?level=fleet");
        await GraphLiveAsync(page);
        var worst = JsonElement.Parse(await page.EvaluateAsync<string>("() => JSON.stringify(window.__trustgraph.links()[0])"));
        Assert.Equal(("oslo", "riga", 1), (worst.GetProperty("from").GetString(), worst.GetProperty("to").GetString(), worst.GetProperty("failed").GetInt32()));

        await page.Locator("[data-graph-look=contraindicated]").ClickAsync();
        await page.Locator("[data-graph-canvas]").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator("[data-graph-status]")).ToHaveTextAsync("Site riga, 10 devices, 1 contraindicated");
    }

    [Fact]
    public async Task A_site_is_told_in_numbers_with_its_worst_first_until_it_is_closed_or_a_device_is_selected()
    {
        var fleet = FakeFleet.Of(48, 3, calm: 0.8);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?level=fleet");
        await GraphLiveAsync(page);
        var panel = page.GetByRole(AriaRole.Complementary, new() { Name = "Site" });
        await page.Locator("[data-graph-canvas]").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(panel).ToBeVisibleAsync();
        var name = await panel.GetByRole(AriaRole.Heading, new() { Level = 2 }).TextContentAsync();
        var here = fleet.Devices.Values.Where(device => device.Site == name!.Trim()).ToList();
        await Assertions.Expect(panel).ToContainTextAsync($"{here.Count} devices");
        var failed = here.Count(device => device.Look == Looks.Contraindicated);
        Assert.True(failed > 0);
        await Assertions.Expect(panel.Locator(".site-worst li").First).ToContainTextAsync("Contraindicated");

        // Live.
        dashboard.Silo.Change([.. here.Where(device => device.Look != Looks.Contraindicated).Take(1).Select(device => FakeFleet.Redraw(device with { Standing = "active", Status = "contraindicated" }))]);
        await Assertions.Expect(panel.Locator(".site-looks")).ToContainTextAsync($"Contraindicated {failed + 1}");

        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().level === 'site'");
        await Assertions.Expect(panel).ToBeVisibleAsync();
        await page.EvaluateAsync("id => window.__trustgraph.select(id)", here[0].Id);
        await Assertions.Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Selected device" })).ToBeVisibleAsync();
        await page.EvaluateAsync("() => window.__trustgraph.select(null)");
        await Assertions.Expect(panel).ToBeVisibleAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Assertions.Expect(panel).ToBeHiddenAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Zoomed_in_a_map_shows_where_one_is_and_leads_elsewhere()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(200, 4));
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?level=all");
        await GraphLiveAsync(page);
        var map = page.Locator(".graph-map");
        await Assertions.Expect(map).ToBeHiddenAsync();
        for (var i = 0; i < 3; i++)
            await page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        await Assertions.Expect(map).ToBeVisibleAsync();
        const string Seen = "() => Object.values(window.__trustgraph.first('trusted')).length > 0 && JSON.stringify(window.__trustgraph.positionOf(window.__trustgraph.first('trusted').id))";
        await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
        var before = await page.EvaluateAsync<string>(Seen);
        await map.ClickAsync(new() { Position = new() { X = 20, Y = 20 } });
        await page.WaitForFunctionAsync($"before => !window.__trustgraph.isMoving() && ({Seen})() !== before", before);
        await page.GetByRole(AriaRole.Button, new() { Name = "Fit" }).ClickAsync();
        await Assertions.Expect(map).ToBeHiddenAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A44_hostile_sites_and_addresses_are_text()
    {
        const string Hostile = "<img src=x onerror=alert(1)>\u202egnp.exe";
        var fleet = FakeFleet.Of(10, 1);
        fleet.Add("<b>bold</b>", Hostile, "press", status: "contraindicated");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?level=fleet");
        await GraphLiveAsync(page);
        await Assertions.Expect(page.Locator("[data-graph-worst-list]")).ToContainTextAsync("<img src=x");
        Assert.Equal(0, await page.Locator("[data-graph-worst-list] img").CountAsync());
        await page.Locator("[data-graph-worst-list] button").Filter(new() { HasText = "<img" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-graph-trail]")).ToContainTextAsync("\uFFFDgnp.exe");
        foreach (var query in new[] { "focus=%3Cscript%3E", "focus=" + new string('a', 500), "site=" + new string('x', 5000), "hops=99&focus=aaaa", "level=nothing&by=~" })
        {
            await page.GotoAsync(new Uri(dashboard.Address, "/graph?" + query).ToString());
            await GraphLiveAsync(page);
        }
        Assert.Empty(complaints);
    }

    private static async Task<JsonElement> StatsAsync(IPage page) => JsonElement.Parse(await page.EvaluateAsync<string>("() => JSON.stringify(window.__trustgraph.stats())"));

    private static Task<string> PositionAsync(IPage page, string id) =>
        page.EvaluateAsync<string>("id => { const p = window.__trustgraph.positionOf(id); return `${p.x.toFixed(2)},${p.y.toFixed(2)}`; }", id);
}
