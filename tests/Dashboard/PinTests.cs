using System.Text.Json;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;

namespace TrustMesh.Tests.Dashboard;

/// <summary>A device stays where somebody put it, for them, in every browser of theirs.</summary>
[Collection(GraphCollection.Name)]
public sealed class PinTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task A_device_that_is_dragged_stays_there_whatever_others_do_and_in_another_browser_until_it_is_let_go()
    {
        var fleet = FakeFleet.Of(12, 2, calm: 1);
        var (one, other) = (fleet.Devices.Values.First(), fleet.Devices.Values.Last());
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        await SelectAsync(page, one);
        var home = await PlaceAsync(page, one.Id);

        // By mouse.
        var box = (await page.Locator("[data-graph-canvas]").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + home.X, box.Y + home.Y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + home.X + 25, box.Y + home.Y - 10, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Assertions.Expect(page.Locator("[data-graph-pins]")).ToContainTextAsync("1 device pinned");
        await Assertions.Expect(page.Locator("#graph-status")).ToContainTextAsync("pinned");
        await UntilAsync(() => dashboard.Silo.Pins.Count == 1);
        var pin = dashboard.Silo.Pins[("olga", one.Id)];
        Assert.InRange(Math.Sqrt((pin.X * pin.X) + (pin.Y * pin.Y)), 0, 1);
        var put = await PlaceAsync(page, one.Id);
        Assert.InRange(Distance(put, home), 6, 30);
        await page.Mouse.MoveAsync(box.X + 20, box.Y + 20);

        // Others change, come and are judged: it stays, and so do they.
        var still = await PlaceAsync(page, other.Id);
        var joined = fleet.Add("late-1", one.Site, "press");
        dashboard.Silo.Change(joined, FakeFleet.Redraw(other with { Status = "contraindicated" }));
        await page.WaitForFunctionAsync("id => window.__trustgraph.node(id) !== null", joined.Id);
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        Assert.InRange(Distance(await PlaceAsync(page, one.Id), put), 0, 0.5);
        Assert.InRange(Distance(await PlaceAsync(page, other.Id), still), 0, 0.5);

        // By keys: what is selected, a step each time, kept once.
        await page.Locator("[data-graph-canvas]").FocusAsync();
        await SelectAsync(page, other);
        var before = await PlaceAsync(page, other.Id);
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await UntilAsync(() => dashboard.Silo.Pins.Count == 2);
        Assert.InRange(Distance(await PlaceAsync(page, other.Id), before), 1, 30);
        await Assertions.Expect(page.Locator("[data-graph-pins]")).ToContainTextAsync("2 devices pinned");
        Assert.Equal("/graph", new Uri(page.Url).PathAndQuery);

        // The same person somewhere else; another person has a graph of their own.
        var (elsewhere, more) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(elsewhere);
        await Assertions.Expect(elsewhere.Locator("[data-graph-pins]")).ToContainTextAsync("2 devices pinned");
        await SelectAsync(elsewhere, one);
        // Once the picture has made room for the panel.
        await Eventually.TrueAsync(async () => Distance(await PlaceAsync(elsewhere, one.Id), put) <= 2, "the device to be where it was put");

        // Let go: one by its key, then all.
        await elsewhere.Locator("[data-graph-canvas]").FocusAsync();
        await SelectAsync(elsewhere, other);
        await Assertions.Expect(elsewhere.GetByRole(AriaRole.Button, new() { Name = $"Unpin {other.Name}" })).ToBeVisibleAsync();
        await elsewhere.Keyboard.PressAsync("p");
        await UntilAsync(() => dashboard.Silo.Pins.Count == 1);
        dashboard.Silo.RefusesPins = true;
        await elsewhere.Keyboard.PressAsync("P");
        await Assertions.Expect(elsewhere.Locator("[data-graph-pins]")).ToContainTextAsync("Not kept: One person has at most 500 pins");
        await elsewhere.GetByRole(AriaRole.Button, new() { Name = "Unpin all" }).ClickAsync();
        await UntilAsync(() => dashboard.Silo.Pins.IsEmpty);
        await Assertions.Expect(elsewhere.Locator("[data-graph-pins]")).ToBeHiddenAsync();
        Assert.Empty(complaints);
        Assert.Empty(more);
        await page.Context.CloseAsync();
    }

    private static async Task SelectAsync(IPage page, DeviceSummary device)
    {
        await page.EvaluateAsync("id => window.__trustgraph.select(id)", device.Id);
        await Assertions.Expect(page.Locator(".panel h2")).ToHaveTextAsync(device.Name);
    }

    private static async Task<(float X, float Y)> PlaceAsync(IPage page, string id)
    {
        await page.WaitForFunctionAsync("() => !window.__trustgraph.isMoving()");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
        var place = JsonElement.Parse(await page.EvaluateAsync<string>("id => JSON.stringify(window.__trustgraph.positionOf(id))", id));
        return (place.GetProperty("x").GetSingle(), place.GetProperty("y").GetSingle());
    }

    private static double Distance((float X, float Y) one, (float X, float Y) other) => Math.Sqrt(Math.Pow(one.X - other.X, 2) + Math.Pow(one.Y - other.Y, 2));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(50, deadline.Token);
    }
}
