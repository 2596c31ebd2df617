using System.Text.Json;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Layouts of a site, what is grouped by from far away, and help: by keyboard, heard, and in the address. LayoutInNodeTests has where everybody is.</summary>
[Collection(GraphCollection.Name)]
public sealed class LayoutTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task Grouping_layout_and_help_are_chosen_by_keyboard_heard_and_kept_in_the_address()
    {
        var fleet = FakeFleet.Of(48, 3, calm: 0.8);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?level=fleet");
        await GraphLiveAsync(page);
        var (canvas, said) = (page.Locator("[data-graph-canvas]"), page.Locator("[data-graph-status]"));

        // From far away: one chart per model, and into one of them.
        await page.GetByLabel("Group by").SelectOptionAsync("model");
        await page.WaitForURLAsync("**/graph?level=fleet&group=model");
        await Assertions.Expect(said).ToHaveTextAsync("Whole mesh by model, 4 models");
        await canvas.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(said).ToContainTextAsync("Model ");
        var panel = page.GetByRole(AriaRole.Complementary, new() { Name = "Model" });
        await Assertions.Expect(panel).ToContainTextAsync("Model, 12 devices");
        var model = await panel.GetByRole(AriaRole.Heading, new() { Level = 2 }).InnerTextAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/graph?q=model:{model}");
        await Assertions.Expect(page.Locator("[data-query-found]")).ToContainTextAsync("12");
        var (of, other) = (fleet.Devices.Values.First(one => one.Model == model), fleet.Devices.Values.First(one => one.Model != model));
        await page.WaitForFunctionAsync("([of, other]) => window.__trustgraph.drawing(of) === 'drawn' && window.__trustgraph.drawing(other) === 'dimmed'", new[] { of.Id, other.Id });
        await page.GoBackAsync();
        await page.WaitForURLAsync("**/graph?level=fleet&group=model");
        await Assertions.Expect(page.Locator("[data-query-input]")).ToHaveValueAsync("");
        Assert.Equal(4, await page.EvaluateAsync<int>("() => window.__trustgraph.stats().groups"));

        // The same as a table, and into one of its rows.
        await canvas.FocusAsync();
        await page.Keyboard.PressAsync("t");
        var table = page.GetByRole(AriaRole.Region, new() { Name = "Models, worst first" });
        await Assertions.Expect(table.GetByRole(AriaRole.Row)).ToHaveCountAsync(5);
        Assert.EndsWith("/graph?of=groups&group=model&view=table", page.Url, StringComparison.Ordinal);
        await table.GetByRole(AriaRole.Link, new() { Name = model }).ClickAsync();
        await page.WaitForURLAsync($"**/graph?view=table&q=model:{model}");

        // A site, laid out one way after the other by its key; what devices do changes nothing in it.
        await page.GotoAsync(new Uri(dashboard.Address, "/graph?site=oslo&layout=force").ToString());
        await GraphLiveAsync(page);
        var watched = fleet.Devices.Values.Where(one => one.Site == "oslo").ToList();
        await canvas.FocusAsync();
        await page.Keyboard.PressAsync("l");
        await page.WaitForURLAsync("**/graph?site=oslo");
        await page.Keyboard.PressAsync("l");
        await page.WaitForURLAsync("**/graph?site=oslo&layout=grid");
        await Assertions.Expect(said).ToContainTextAsync("in a grid by name");
        await page.Keyboard.PressAsync("l");
        await page.WaitForURLAsync("**/graph?site=oslo&layout=tree");
        await Assertions.Expect(said).ToContainTextAsync("as a tree below ");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Tree" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GetByLabel("Below").FillAsync(watched[5].Name);
        await page.GetByLabel("Below").PressAsync("Enter");
        await page.WaitForURLAsync($"**/graph?site=oslo&layout=tree&root={watched[5].Id}");
        await page.EvaluateAsync("id => window.__trustgraph.select(id)", watched[5].Id);
        await Assertions.Expect(said).ToContainTextAsync("top of the tree");
        await canvas.FocusAsync();
        await page.Keyboard.PressAsync("P");
        await Assertions.Expect(said).ToContainTextAsync("Pins belong to the ring");
        var before = await PlacesAsync(page, watched);
        dashboard.Silo.Change([.. watched.Take(5).Select(one => FakeFleet.Redraw(one with { Status = "contraindicated" })), fleet.Add("late", "oslo", "press")]);
        await page.WaitForFunctionAsync($"() => window.__trustgraph.stats().drawn === {watched.Count + 1}");
        Assert.Equal(before, await PlacesAsync(page, watched));

        // Help: not while somebody writes; closed by Escape, which does nothing else, and the focus comes back.
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("?");
        Assert.Equal(0, await page.Locator("dialog[open]").CountAsync());
        await page.Keyboard.PressAsync("Escape");
        await canvas.FocusAsync();
        await page.Keyboard.PressAsync("?");
        var help = page.GetByRole(AriaRole.Dialog, new() { Name = "Trust graph" });
        await Assertions.Expect(help.GetByText("the next layout of a site")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("l");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(help).ToBeHiddenAsync();
        await Assertions.Expect(canvas).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".panel h2")).ToHaveTextAsync(watched[5].Name);
        Assert.EndsWith($"/graph?site=oslo&layout=tree&root={watched[5].Id}", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Help for this page" }).ClickAsync();
        await help.GetByRole(AriaRole.Link, new() { Name = "Every page and its keys" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Help" })).ToBeVisibleAsync();
        await Assertions.Expect(help).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Help" })).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    private static async Task<List<(double X, double Y)>> PlacesAsync(IPage page, IReadOnlyList<DeviceSummary> devices)
    {
        await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        var places = JsonElement.Parse(await page.EvaluateAsync<string>("ids => JSON.stringify(ids.map(id => window.__trustgraph.positionOf(id)))", devices.Select(one => one.Id).ToArray()));
        return [.. places.EnumerateArray().Select(place => (Math.Round(place.GetProperty("x").GetDouble(), 1), Math.Round(place.GetProperty("y").GetDouble(), 1)))];
    }
}
