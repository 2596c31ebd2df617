using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

[Collection(GraphCollection.Name)]
public sealed class EdgeTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task Both_directions_are_drawn_and_a_click_on_one_opens_the_panel_with_both_verdicts()
    {
        var (fleet, one, other) = Pair();
        fleet.Judge(one, other, status: "contraindicated");
        fleet.Judge(other, one, late: 40);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        var (there, back) = (await EdgeAsync(page, one, other), await EdgeAsync(page, other, one));
        Assert.Equal(("crossed", "dashed"), (there.GetProperty("style").GetString(), back.GetProperty("style").GetString()));
        Assert.NotEqual(there.GetProperty("x").GetDouble() + there.GetProperty("y").GetDouble(), back.GetProperty("x").GetDouble() + back.GetProperty("y").GetDouble(), 1.0);

        await ClickAsync(page, there);

        var panel = page.GetByRole(AriaRole.Complementary, new() { Name = "Selected edge" });
        var (forward, backward) = (Side(panel, one, other), Side(panel, other, one));
        await Assertions.Expect(forward).ToContainTextAsync("Contraindicated");
        await Assertions.Expect(forward).ToContainTextAsync("TPM quote");
        await Assertions.Expect(forward).ToContainTextAsync("/app/press.conf");
        await Assertions.Expect(forward).ToContainTextAsync("36 checks passed");
        await Assertions.Expect(forward).ToContainTextAsync("812 ms");
        await Assertions.Expect(forward).ToContainTextAsync("site version 4");
        await Assertions.Expect(forward).ToContainTextAsync("number 7");
        await Assertions.Expect(backward).ToContainTextAsync("Stale");
        await Assertions.Expect(backward).ToContainTextAsync("37 checks passed");
        var rounds = forward.GetByRole(AriaRole.List, new() { Name = $"Rounds in which {one.Name} examined {other.Name}, oldest first" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(rounds).ToHaveCountAsync(20);
        await Assertions.Expect(rounds.Last).ToContainTextAsync("contraindicated, nonce 300 ms old");
        Assert.True((await EdgeAsync(page, one, other)).GetProperty("chosen").GetBoolean());
        Assert.Contains($"edge={one.Id}%7E{other.Id}", page.Url.Replace("~", "%7E", StringComparison.Ordinal), StringComparison.Ordinal);

        await page.ReloadAsync();
        await Assertions.Expect(Side(panel, one, other)).ToContainTextAsync("Contraindicated");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task The_edges_of_a_device_are_walked_by_keyboard_into_the_panel_and_back()
    {
        var fleet = FakeFleet.Of(9, calm: 1);
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        await page.Locator("[data-graph-canvas]").FocusAsync();
        await page.EvaluateAsync("id => window.__trustgraph.select(id)", device.Id);

        await page.Keyboard.PressAsync("e");
        var title = page.Locator(".panel h2");
        await Assertions.Expect(title).ToContainTextAsync($"{device.Name} and");
        await Assertions.Expect(page.Locator("[data-graph-status]")).ToContainTextAsync($"{device.Name} examined");
        var first = await title.TextContentAsync();
        await page.Keyboard.PressAsync("e");
        await Assertions.Expect(title).Not.ToHaveTextAsync(first!);
        await page.Keyboard.PressAsync("Shift+E");
        await Assertions.Expect(title).ToHaveTextAsync(first!);
        await Assertions.Expect(page.Locator("[data-examine]").First).ToBeEnabledAsync();

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(title).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Close" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("[data-examine]").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Selected device" })).ToContainTextAsync(device.Name);
        await Assertions.Expect(page.Locator("[data-graph-canvas]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".panel")).ToBeHiddenAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_proof_that_runs_out_turns_its_edge_dashed_and_its_verdict_stale_without_word_from_the_silo()
    {
        var (fleet, one, other) = Pair();
        var issued = DateTimeOffset.UtcNow;
        fleet.Put(new GraphEdge(one.Id, other.Id, "affirming", true, issued, issued.AddSeconds(8)));
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        await page.EvaluateAsync("([from, to]) => window.__trustgraph.selectEdge(from, to)", new[] { one.Id, other.Id });
        var sequence = await page.EvaluateAsync<long>("() => window.__trustgraph.stats().sequence");

        await page.WaitForFunctionAsync("([from, to]) => window.__trustgraph.edge(from, to).style === 'dashed'", new[] { one.Id, other.Id });
        await Assertions.Expect(Side(page.Locator(".panel"), one, other)).ToContainTextAsync("Stale");

        Assert.Equal(sequence, await page.EvaluateAsync<long>("() => window.__trustgraph.stats().sequence"));

        dashboard.Silo.Judge(new GraphEdge(one.Id, other.Id, "affirming", true, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(10)));
        await page.WaitForFunctionAsync("([from, to]) => window.__trustgraph.edge(from, to).style === 'solid'", new[] { one.Id, other.Id });
        await Assertions.Expect(Side(page.Locator(".panel"), one, other)).ToContainTextAsync("Trusted");
    }

    [Fact]
    public async Task An_edge_that_is_no_more_leaves_the_graph_and_the_other_direction_stays()
    {
        var (fleet, one, other) = Pair();
        fleet.Judge(one, other);
        fleet.Judge(other, one);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        await page.EvaluateAsync("([from, to]) => window.__trustgraph.selectEdge(from, to)", new[] { one.Id, other.Id });
        await Assertions.Expect(Side(page.Locator(".panel"), one, other)).ToContainTextAsync("Trusted");

        dashboard.Silo.Forget(one.Id, other.Id);

        await page.WaitForFunctionAsync("([from, to]) => window.__trustgraph.edge(from, to) === null", new[] { one.Id, other.Id });
        Assert.Equal("solid", (await EdgeAsync(page, other, one)).GetProperty("style").GetString());
        await Assertions.Expect(Side(page.Locator(".panel"), one, other)).ToContainTextAsync("has not said anything of");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Examine_again_now_asks_once_and_shows_the_verdict_when_it_comes()
    {
        var (fleet, one, other) = Pair();
        fleet.Judge(one, other);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?edge=" + one.Id + "~" + other.Id);
        await GraphLiveAsync(page);
        var side = Side(page.Locator(".panel"), one, other);
        await Assertions.Expect(side).ToContainTextAsync("Trusted");

        await side.GetByRole(AriaRole.Button, new() { Name = "Examine again now" }).ClickAsync();
        await Assertions.Expect(side).ToContainTextAsync($"Asked {one.Name} to examine {other.Name}.");
        await Assertions.Expect(side.GetByRole(AriaRole.Button)).ToBeDisabledAsync();
        Assert.Equal((one.Id, other.Id), Assert.Single(dashboard.Silo.Examinations));
        var now = DateTimeOffset.UtcNow;
        dashboard.Silo.Judge(new GraphEdge(one.Id, other.Id, "contraindicated", true, now, now.AddMinutes(10)));

        await Assertions.Expect(side).ToContainTextAsync($"{one.Name} has examined {other.Name} again.");
        await Assertions.Expect(side).ToContainTextAsync("Contraindicated");
        await Assertions.Expect(side.GetByRole(AriaRole.Button)).ToBeEnabledAsync();
        Assert.Single(dashboard.Silo.Examinations);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_device_that_cannot_be_asked_is_said_so_and_a_viewer_sees_which_right_is_missing()
    {
        var (fleet, one, other) = Pair();
        fleet.Judge(one, other);
        fleet.Doubted.Add(one.Id);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.Away.Add(one.Id);
        var (page, _) = await SignedInAsync(dashboard, "/graph?edge=" + one.Id + "~" + other.Id);
        await GraphLiveAsync(page);
        var side = Side(page.Locator(".panel"), one, other);
        await Assertions.Expect(side).ToContainTextAsync("Doubted. What");
        await side.GetByRole(AriaRole.Button, new() { Name = "Examine again now" }).ClickAsync();
        await Assertions.Expect(side.GetByRole(AriaRole.Alert)).ToContainTextAsync("The device is not connected.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in?*");

        await page.GetByLabel("One-time code").FillAsync("code-viewer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
        await page.GotoAsync(new Uri(dashboard.Address, $"/graph?edge={one.Id}~{other.Id}").ToString());
        await Assertions.Expect(side.GetByRole(AriaRole.Button, new() { Name = "Examine again now" })).ToBeDisabledAsync();
        await Assertions.Expect(side).ToContainTextAsync($"Needs operator for site {one.Site}; you are signed in as viewer.");
    }

    [Fact]
    public async Task The_same_edges_are_a_table_without_a_canvas()
    {
        var (fleet, one, other) = Pair();
        fleet.Judge(one, other, status: "contraindicated");
        fleet.Judge(other, one);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?view=table");
        await LiveAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Edges", Exact = true }).ClickAsync();
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Edges" }).Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        foreach (var text in new[] { "Contraindicated", one.Name, other.Name, "TPM quote", "ago", "in 9 min" })
            await Assertions.Expect(rows.First).ToContainTextAsync(text);
        dashboard.Silo.Forget(other.Id, one.Id);
        await Assertions.Expect(rows).ToHaveCountAsync(1);

        await rows.First.GetByRole(AriaRole.Link, new() { Name = $"Contraindicated: details of what {one.Name} said of {other.Name}" }).ClickAsync();
        await page.WaitForURLAsync($"**/devices/{other.Id}?tab=peers&edge=*");
        await Assertions.Expect(Side(page.Locator("#panel"), one, other)).ToContainTextAsync("36 checks passed");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task The_page_of_a_device_tells_whom_it_examines_and_who_examines_it()
    {
        var (fleet, one, other) = Pair();
        fleet.Judge(one, other, late: 30);
        fleet.Judge(other, one);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, $"/devices/{one.Id}");
        await LiveAsync(page);

        await page.GetByRole(AriaRole.Tab, new() { Name = "Peers" }).ClickAsync();
        var (examines, examined) = (page.GetByRole(AriaRole.Region, new() { Name = "Examines", Exact = true }), page.GetByRole(AriaRole.Region, new() { Name = "Examined by" }));
        await Assertions.Expect(examines.Locator("tbody tr")).ToContainTextAsync([other.Name]);
        await Assertions.Expect(examines.Locator("tbody tr")).ToContainTextAsync(["Stale"]);
        await Assertions.Expect(examined.Locator("tbody tr")).ToContainTextAsync(["Trusted"]);
        await Assertions.Expect(examined.Locator("tbody tr")).ToContainTextAsync(["TPM quote"]);
        dashboard.Silo.Judge(fleet.Edges[$"{other.Id}>{one.Id}"] with { Status = "contraindicated" });
        await Assertions.Expect(examined.Locator("tbody tr")).ToContainTextAsync(["Contraindicated"]);

        // The same as a picture: in a sentence, by the kind of line, live, and with names that can be gone to by keyboard; a phone has room for it.
        var picture = page.GetByTestId("peer-graph");
        await Assertions.Expect(picture).ToHaveAttributeAsync("aria-label", $"1 device examined {one.Name}: 1 contraindicated. It examined 1 device: 1 stale.");
        await Assertions.Expect(picture.Locator(".left .peer-line.said-failed, .right .peer-line.said-dashed")).ToHaveCountAsync(2);
        await Assertions.Expect(picture.Locator(".left a")).ToHaveAccessibleNameAsync(new Regex($@"^{other.Name}\s?, trusted itself, said of it: contraindicated$"));
        dashboard.Silo.Change(FakeFleet.Redraw(other with { Status = "warning" }));
        await Assertions.Expect(picture.Locator(".right .glyph.look-warning")).ToHaveCountAsync(1);
        await page.SetViewportSizeAsync(390, 800);
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            () => document.documentElement.scrollWidth <= innerWidth ? []
              : [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth && !one.closest('.scroll')).map(one => one.outerHTML.slice(0, 160))
            """));
        Assert.True(await picture.EvaluateAsync<bool>("picture => picture.scrollWidth <= picture.clientWidth && [...picture.querySelectorAll('.name')].every(name => name.clientWidth > 40)"));
        await page.SetViewportSizeAsync(1360, 860);
        await picture.Locator(".right a").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/devices/{other.Id}?tab=peers");
        await page.GoBackAsync();

        await examined.GetByRole(AriaRole.Link, new() { Name = "Details of" }).ClickAsync();
        await Assertions.Expect(Side(examined, other, one)).ToContainTextAsync("36 checks passed");
        await Assertions.Expect(Side(examined, one, other)).ToContainTextAsync("Stale");
        await examined.GetByRole(AriaRole.Link, new() { Name = "On the graph" }).ClickAsync();
        await page.WaitForURLAsync("**/graph?edge=*");
        await Assertions.Expect(Side(page.Locator(".panel"), other, one)).ToContainTextAsync("Contraindicated");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Eighty_thousand_edges_are_known_the_problems_are_drawn_and_a_selected_device_shows_its_own()
    {
        var fleet = FakeFleet.Of(10_000, 100, calm: 0.97, peers: 8);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?level=all");
        await page.WaitForFunctionAsync("() => window.__trustgraph?.stats().firstPaint != null", null, new() { Timeout = 60_000 });
        var good = fleet.Devices.Values.First(device => device.Look == Looks.Trusted
            && fleet.Edges.Values.Where(edge => edge.From == device.Id || edge.To == device.Id).All(edge => edge.Status == "affirming"));
        var own = fleet.Edges.Values.First(edge => edge.From == good.Id);
        var drawn = await page.EvaluateAsync<int>("() => window.__trustgraph.stats().edges");
        Assert.Equal(fleet.Edges.Count + fleet.Devices.Values.Count(device => device.Standing != "pending"), await page.EvaluateAsync<int>("() => window.__trustgraph.stats().edgesKnown"));
        Assert.InRange(drawn, 1, 6100);
        Assert.Null(await page.EvaluateAsync("([from, to]) => window.__trustgraph.edge(from, to)", new[] { own.From, own.To }));

        await page.EvaluateAsync("id => window.__trustgraph.select(id)", good.Id);
        await page.WaitForFunctionAsync("([from, to]) => window.__trustgraph.edge(from, to) !== null", new[] { own.From, own.To });
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        await page.EvaluateAsync("() => window.__trustgraph.select(null)");
        Assert.Equal(drawn, await page.EvaluateAsync<int>("() => window.__trustgraph.stats().edges"));

        var changed = fleet.Edges.Values.Where(edge => edge.Status == "affirming").Take(1000).ToList();
        foreach (var status in new[] { "contraindicated", "affirming" })
        {
            var sequence = await page.EvaluateAsync<long>("() => window.__trustgraph.stats().sequence");
            dashboard.Silo.Judge([.. changed.Select(edge => edge with { Status = status })]);
            await page.WaitForFunctionAsync("before => window.__trustgraph.stats().sequence > before", sequence);
            await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        }
        // Reported, not judged: how long it takes is the machine's business.
        TestContext.Current.TestOutputHelper?.WriteLine($"80,000 edges in software rendering: {await page.EvaluateAsync<string>("() => JSON.stringify(window.__trustgraph.stats())")}");
        await Assertions.Expect(page.Locator("[data-graph-note]")).ToContainTextAsync("problems first");
        Assert.Empty(complaints);
        if (Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "graph-80000-edges.png") });
    }

    /// <summary>Two trusted devices of two sites that have not met.</summary>
    private static (FakeFleet Fleet, DeviceSummary One, DeviceSummary Other) Pair()
    {
        var fleet = new FakeFleet();
        return (fleet, fleet.Add("press-north", "oslo", "press"), fleet.Add("camera-south", "bergen", "camera"));
    }

    private static ILocator Side(ILocator within, DeviceSummary from, DeviceSummary to) => within.Locator($"[data-edge-side='{from.Id}>{to.Id}']");

    private static async Task<JsonElement> EdgeAsync(IPage page, DeviceSummary from, DeviceSummary to) =>
        (await page.EvaluateAsync("([from, to]) => window.__trustgraph.edge(from, to)", new[] { from.Id, to.Id }))!.Value;

    private static async Task ClickAsync(IPage page, JsonElement at)
    {
        var box = (await page.Locator("[data-graph-canvas]").BoundingBoxAsync())!;
        await page.Mouse.ClickAsync(box.X + (float)at.GetProperty("x").GetDouble(), box.Y + (float)at.GetProperty("y").GetDouble());
    }
}
