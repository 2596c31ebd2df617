using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Tests.Dashboard;

[Collection(GraphCollection.Name)]
public sealed class QueryTests(Browser browser) : DashboardTests(browser)
{
    private const string Input = "[data-query-input]";

    [Fact]
    public async Task Is_written_by_keyboard_with_the_ways_to_go_on()
    {
        var fleet = FakeFleet.Of(40, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);

        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.Locator(Input)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("stat");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Find devices" })).ToHaveAttributeAsync("aria-expanded", "true");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator(Input)).ToHaveAttributeAsync("aria-activedescendant", "query-choices-0");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(Input)).ToHaveValueAsync("status:");

        var bad = page.Locator("[data-query-choices] [role=option]").Filter(new() { HasText = "contraindicated" });
        await Assertions.Expect(bad.Locator(".choice-count")).ToHaveTextAsync(Count(fleet, "status:failed").ToString());
        await page.Keyboard.TypeAsync("contra");
        await Assertions.Expect(page.Locator("[data-query-choices] [role=option]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(Input)).ToHaveValueAsync("status:contraindicated ");
        await Assertions.Expect(page.Locator("[data-query-found]")).ToHaveTextAsync($"{Count(fleet, "status:failed")} matches");
        await page.WaitForURLAsync("**/devices?q=status:contraindicated");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(Count(fleet, "status:failed"));
        await Assertions.Expect(page.Locator(".look-filter .chip[aria-pressed=true]")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Contraindicated"));

        await page.Keyboard.TypeAsync("site:");
        var oslo = page.Locator("[data-query-choices] [role=option]").Filter(new() { HasText = "oslo" });
        await Assertions.Expect(oslo.Locator(".choice-count")).ToHaveTextAsync(Count(fleet, "status:failed site:oslo").ToString());
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("[data-query-choices]")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(Input)).ToHaveValueAsync("");
        await Assertions.Expect(page.Locator(".page-note")).ToHaveTextAsync("40 of 40");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Who_is_faster_than_the_page_keeps_the_focus_and_others_start_at_the_heading()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(12, 3));
        var (page, complaints) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);
        await page.Locator(Input).ClickAsync();
        await page.Keyboard.TypeAsync("stat");
        // As the page does once it has started.
        await page.EvaluateAsync("async () => (await import('./graph/shell.js')).focusHeading()");
        await page.Keyboard.TypeAsync("us:");
        await Assertions.Expect(page.Locator(Input)).ToHaveValueAsync("status:");
        await Assertions.Expect(page.Locator(Input)).ToHaveAttributeAsync("aria-expanded", "true");

        await page.Locator("nav").GetByRole(AriaRole.Link, new() { Name = "Log" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Says_what_is_wrong_and_where_and_shows_what_it_showed()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(12, 3));
        var (page, complaints) = await SignedInAsync(dashboard, "/devices?q=site:oslo");
        await LiveAsync(page);
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(4);

        await page.Locator(Input).FillAsync("sit:oslo");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Character 1: unknown field \"sit\": did you mean \"site\"? Until then this is shown: site:oslo");
        await Assertions.Expect(page.Locator(Input)).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(4);

        await page.Locator(Input).FillAsync("site:oslo name:nobody");
        await Assertions.Expect(page.GetByText("No device matches")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear the query" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(12);
        await Assertions.Expect(page.Locator(Input)).ToHaveValueAsync("");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Goes_along_from_the_table_to_the_graph_which_dims_or_hides_the_rest()
    {
        var fleet = FakeFleet.Of(40, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/devices?q=site:oslo,bergen+-status:trusted");
        await LiveAsync(page);
        const string query = "site:oslo,bergen -status:trusted";
        await Assertions.Expect(page.Locator(Input)).ToHaveValueAsync(query);
        await page.GetByRole(AriaRole.Link, new() { Name = "On the graph" }).ClickAsync();
        await GraphLiveAsync(page);

        await Assertions.Expect(page.Locator("[data-query-found]")).ToHaveTextAsync($"{Count(fleet, query)} matches");
        await AssertDrawnAsync(page, fleet, query, "dimmed");
        await page.Locator("[data-graph-mode]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await AssertDrawnAsync(page, fleet, query, "hidden");
        Assert.EndsWith("&mode=hide", page.Url, StringComparison.Ordinal);

        await page.ReloadAsync();
        await GraphLiveAsync(page);
        await AssertDrawnAsync(page, fleet, query, "hidden");
        await page.Locator("[data-graph-look=stale]").ClickAsync();
        await Assertions.Expect(page.Locator(Input)).ToHaveValueAsync($"{query} status:stale");
        await AssertDrawnAsync(page, fleet, $"{query} status:stale", "hidden");
        await page.Keyboard.PressAsync("t");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/graph\\?view=table&q="));
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(Count(fleet, $"{query} status:stale"));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Follows_the_mesh_and_the_clock()
    {
        var fleet = FakeFleet.Of(12, calm: 1);
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?q=status:trusted&mode=hide");
        await GraphLiveAsync(page);
        await Assertions.Expect(page.Locator("[data-query-found]")).ToHaveTextAsync("12 matches");

        dashboard.Silo.Change(FakeFleet.Redraw(device with { Status = "contraindicated" }));
        await Assertions.Expect(page.Locator("[data-query-found]")).ToHaveTextAsync("11 matches");
        await page.WaitForFunctionAsync("id => window.__trustgraph.drawing(id) === 'hidden'", device.Id);

        dashboard.Silo.Change(device with { ProvenAt = DateTimeOffset.UtcNow.AddSeconds(-57) });
        await page.Locator(Input).FillAsync("age>1m");
        await page.WaitForFunctionAsync("id => window.__trustgraph.drawing(id) === 'drawn'", device.Id);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_graph_where_nothing_matches_says_so_and_enter_goes_to_the_first_that_does()
    {
        var fleet = FakeFleet.Of(12, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?q=site:nowhere");
        await GraphLiveAsync(page);
        await Assertions.Expect(page.GetByText("No device matches.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear the query" }).ClickAsync();
        await page.WaitForURLAsync("**/graph");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("model:camera");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-graph-status]")).ToContainTextAsync("camera-11");
        await Assertions.Expect(page.Locator("[data-graph-canvas]")).ToBeFocusedAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Is_saved_used_and_removed_by_keyboard_and_only_by_who_may()
    {
        var fleet = FakeFleet.Of(12, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/devices?q=site:oslo");
        await LiveAsync(page);

        await page.Locator("[data-query-saved]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Nothing is saved yet")).ToBeVisibleAsync();
        await WriteAsync(page.GetByLabel("Save this query for everybody as"), "night-shift");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-query-pick=night-shift]")).ToBeVisibleAsync();
        Assert.Equal("site:oslo", dashboard.Silo.Queries["night-shift"].Query);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#query-menu")).ToHaveCountAsync(0);

        await page.GotoAsync(new Uri(dashboard.Address, "/graph").ToString());
        await GraphLiveAsync(page);
        await page.Locator("[data-query-saved]").ClickAsync();
        await page.Locator("[data-query-pick=night-shift]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(Input)).ToHaveValueAsync("site:oslo");
        await Assertions.Expect(page.Locator("[data-query-found]")).ToHaveTextAsync("4 matches");

        await page.Locator("[data-query-saved]").ClickAsync();
        await page.Locator("[data-query-remove=night-shift]").ClickAsync();
        Assert.True(dashboard.Silo.Queries.ContainsKey("night-shift"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove night-shift for everybody" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nothing is saved yet")).ToBeVisibleAsync();
        Assert.Empty(dashboard.Silo.Queries);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_viewer_uses_saved_queries_and_is_told_why_not_more()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(12, 3));
        dashboard.Silo.Queries["night"] = new("night", "site:oslo", "olga", DateTimeOffset.UtcNow);
        var (page, _) = await SignedInAsync(dashboard, "/devices", "code-viewer");
        await LiveAsync(page);
        await page.Locator("[data-query-saved]").ClickAsync();
        await Assertions.Expect(page.Locator("[data-query-remove=night]")).ToBeDisabledAsync();
        await Assertions.Expect(page.Locator(".query-save .hint")).ToContainTextAsync("Needs operator");
        await page.Locator("[data-query-pick=night]").ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task A44_Hostile_names_and_queries_are_text_and_nothing_else()
    {
        var fleet = FakeFleet.Of(6);
        fleet.Add("<img src=x onerror=alert(1)>", "\u202eolso\u0007 \"<b>", "press");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.Queries["evil"] = new("evil", "\"<script>alert(1)</script>\"", "\u202e<b>", DateTimeOffset.UtcNow);
        var (page, complaints) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);

        await page.Locator(Input).FillAsync("name:<");
        await Assertions.Expect(page.Locator("[data-query-choices] [role=option]")).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-query-found]")).ToHaveTextAsync("1 match");
        foreach (var hostile in new[] { new string('a', 10_000), string.Concat(Enumerable.Repeat("\"", 999)), "a\u202eb", "a\u0007b", "<img src=x onerror=alert(1)>:1", "-\"-\"-\"" })
        {
            await page.EvaluateAsync("([selector, text]) => { const input = document.querySelector(selector); input.value = text; input.dispatchEvent(new Event('input', { bubbles: true })); }", new[] { Input, hostile });
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Character ");
        }
        await page.Locator("[data-query-saved]").ClickAsync();
        await page.Locator("[data-query-pick=evil]").ClickAsync();
        await Assertions.Expect(page.GetByText("No device matches")).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("main img, main b, main script").CountAsync());
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_state_is_clean_to_axe_and_can_be_looked_at(ColorScheme scheme)
    {
        var fleet = FakeFleet.Of(48, 5);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.Queries["night-shift"] = new("night-shift", "site:oslo status:failed,stale", "olga", DateTimeOffset.UtcNow);
        dashboard.Silo.Queries["old-firmware"] = new("old-firmware", "fw<7.85.4555 -tier:software", "ada", DateTimeOffset.UtcNow);
        var (page, complaints) = await SignedInAsync(dashboard, "/devices", scheme: scheme);
        await LiveAsync(page);

        await page.Locator(Input).FillAsync("site:oslo,");
        await page.Locator("[data-query-choices] [role=option]").First.WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await LookAsync(page, $"query-choices-{scheme}");
        await page.Locator(Input).FillAsync("");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Locator("[data-query-choices] [role=option]").First.WaitForAsync();
        await LookAsync(page, $"query-fields-{scheme}");
        await page.Locator(Input).FillAsync("site:oslo stats:failed");
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await LookAsync(page, $"query-problem-{scheme}");
        await page.Locator(Input).FillAsync("site:oslo status:failed,stale");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await page.Locator("[data-query-saved]").ClickAsync();
        await page.Locator("[data-query-pick]").First.WaitForAsync();
        await LookAsync(page, $"query-saved-{scheme}");
        await page.Locator("[data-query-saved]").ClickAsync();
        await page.Locator(Input).FillAsync("site:nowhere");
        await page.GetByText("No device matches").WaitForAsync();
        await LookAsync(page, $"query-none-{scheme}");
        await page.SetViewportSizeAsync(420, 860);
        await LookAsync(page, $"query-narrow-{scheme}");
        await page.SetViewportSizeAsync(1360, 860);
        foreach (var (name, path) in new[] { ("find", "/graph?q=-status:trusted"), ("hide", "/graph?q=-status:trusted&mode=hide"), ("nothing", "/graph?q=site:nowhere") })
        {
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            await GraphLiveAsync(page);
            await Assertions.Expect(page.Locator("[data-query-found]")).ToContainTextAsync("match");
            await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
            await LookAsync(page, $"query-graph-{name}-{scheme}");
        }
        Assert.Empty(complaints);
    }

    private static int Count(FakeFleet fleet, string text)
    {
        Assert.True(FleetQuery.TryParse(text, out var query, out var problem), problem?.ToString());
        return fleet.Devices.Values.Count(device => query.Matches(DeviceFacts.Of(device), DateTimeOffset.UtcNow));
    }

    private static async Task AssertDrawnAsync(IPage page, FakeFleet fleet, string text, string others)
    {
        Assert.True(FleetQuery.TryParse(text, out var query, out _));
        foreach (var device in fleet.Devices.Values)
        {
            var expected = query.Matches(DeviceFacts.Of(device), DateTimeOffset.UtcNow) ? "drawn" : others;
            await page.WaitForFunctionAsync("([id, how]) => window.__trustgraph.drawing(id) === how", new[] { device.Id, expected });
        }
    }

    private static async Task LookAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } });
        Assert.NotEmpty(result.Passes);
        Assert.Empty(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{name}: {violation.Id}: {node.Html} {string.Join("; ", node.Any.Select(check => check.Message))}")));
    }
}
