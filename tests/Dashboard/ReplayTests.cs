using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The past on the graph, and two instants side by side.</summary>
[Collection(GraphCollection.Name)]
public sealed class ReplayTests(Browser browser) : DashboardTests(browser)
{
    private const string Hostile = "<img src=x onerror=alert(1)> \u202Egnol";

    [Fact]
    public async Task The_past_is_stepped_through_played_and_left_again_and_the_present_waits_behind_it()
    {
        var fleet = FakeFleet.Of(6, calm: 1);
        var (first, second) = (fleet.Devices.Values.First(), fleet.Devices.Values.Last());
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var now = DateTimeOffset.UtcNow;
        dashboard.Silo.Past = History(fleet, now, (-50, first.Id, Looks.Contraindicated), (-30, first.Id, Looks.Trusted), (-20, second.Id, Looks.Revoked));
        var (page, complaints) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        var pill = page.GetByTestId("graph-live");

        await page.Locator("[data-graph-canvas]").FocusAsync();
        await page.Keyboard.PressAsync("r");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Replay" })).ToBeVisibleAsync();
        await Assertions.Expect(pill).ToContainTextAsync("Replay");
        // The second joins only later.
        Assert.Null(await LookAsync(page, second.Id));
        await page.Keyboard.PressAsync(".");
        Assert.Equal(Looks.Contraindicated, await LookAsync(page, first.Id));
        dashboard.Silo.Change(FakeFleet.Redraw(first with { Fresh = false }));
        await page.Keyboard.PressAsync(".");
        Assert.Equal(Looks.Trusted, await LookAsync(page, first.Id));
        await page.Keyboard.PressAsync(".");
        Assert.Equal(Looks.Revoked, await LookAsync(page, second.Id));
        await page.EvaluateAsync("id => window.__trustgraph.select(id)", second.Id);
        await Assertions.Expect(page.Locator("[data-replay-what]")).ToContainTextAsync("revoked since");
        await Assertions.Expect(page.Locator("[data-graph-status]")).ToContainTextAsync(second.Name);
        await Assertions.Expect(page.Locator("[data-replay-tags]")).ToHaveTextAsync("Its tags then: quarantine.");
        await page.Keyboard.PressAsync(",");
        Assert.Null(await LookAsync(page, second.Id));
        Assert.Equal(Looks.Trusted, await LookAsync(page, first.Id));

        // From there an hour goes by in six seconds.
        await ReachAsync(page, "[data-replay-speed]");
        await page.Keyboard.TypeAsync("600");
        for (var presses = 0; presses < 10 && !await page.EvaluateAsync<bool>("() => document.activeElement.matches('[data-replay-play]')"); presses++)
            await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("id => window.__trustgraph.node(id)?.look === 'revoked'", second.Id);
        await page.WaitForFunctionAsync("() => document.querySelector('[data-replay-play]').textContent === 'Play'");

        await page.GetByRole(AriaRole.Button, new() { Name = "Back to live" }).ClickAsync();
        await Assertions.Expect(pill).ToHaveTextAsync("Live");
        await page.WaitForFunctionAsync("id => window.__trustgraph.node(id)?.look === 'stale'", first.Id);
        Assert.Equal(Looks.Trusted, await LookAsync(page, second.Id));
        Assert.DoesNotContain("at=", page.Url);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_shared_link_freezes_the_instant()
    {
        var fleet = FakeFleet.Of(6, calm: 1);
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var now = DateTimeOffset.UtcNow;
        dashboard.Silo.Past = History(fleet, now, (-50, device.Id, Looks.Suspended), (-10, device.Id, Looks.Trusted));
        var (page, complaints) = await SignedInAsync(dashboard, $"/graph?at={Uri.EscapeDataString(now.AddMinutes(-30).ToString("O"))}&span=6h");
        await GraphLiveAsync(page);
        await page.WaitForFunctionAsync("id => window.__trustgraph.node(id)?.look === 'suspended'", device.Id);
        await Assertions.Expect(page.GetByLabel("Stretch")).ToHaveValueAsync("6h");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "What changed since" })).ToHaveAttributeAsync("href", new Regex(@"^/changes\?from=2"));
        await Assertions.Expect(page.Locator("[data-replay-marks] .mark-bad")).ToHaveCountAsync(1);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_past_that_cannot_be_read_says_so_and_the_present_stays()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.Past = (_, _) => throw new InvalidDataException("a page of the log is gone");
        var (page, _) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-replay-note]")).ToContainTextAsync("The past cannot be shown.");
        dashboard.Silo.Change(FakeFleet.Redraw(fleet.Devices.Values.First() with { Fresh = false }));
        await page.WaitForFunctionAsync("id => window.__trustgraph.node(id)?.look === 'stale'", fleet.Devices.Values.First().Id);
        await page.GotoAsync(new Uri(dashboard.Address, "/changes").ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A44_What_changed_since_names_who_looks_different_and_why_and_the_link_keeps_both_instants()
    {
        var fleet = FakeFleet.Of(6, calm: 1);
        var (first, second) = (fleet.Devices.Values.First(), fleet.Devices.Values.Last());
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var now = DateTimeOffset.UtcNow;
        dashboard.Silo.Past = History(fleet, now, (-50, first.Id, Looks.Contraindicated), (-30, first.Id, Looks.Trusted), (-20, second.Id, Looks.Revoked));
        var (page, complaints) = await SignedInAsync(dashboard, "/events");
        await page.GetByRole(AriaRole.Link, new() { Name = "What changed" }).ClickAsync();
        // Who went and came back is not told.
        var row = page.Locator("tbody tr");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row).ToContainTextAsync(second.Name);
        await Assertions.Expect(row).ToContainTextAsync("not there");
        await Assertions.Expect(row).ToContainTextAsync("Revoked");
        await Assertions.Expect(row).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await Assertions.Expect(page.Locator("main code")).ToHaveTextAsync(new Regex(@"^trustmesh history changes --since \d{4}-\d\d-\d\dT[\d:]+Z$"));

        await page.GetByLabel("Since").FillAsync(now.AddMinutes(-40).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss"));
        await page.GetByLabel("Until").FillAsync(now.AddMinutes(-25).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss"));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/changes?from=*&to=*");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row).ToContainTextAsync(first.Name);
        await page.ReloadAsync();
        await Assertions.Expect(row).ToContainTextAsync(first.Name);
        await page.GotoAsync(new Uri(dashboard.Address, $"/changes?from={Uri.EscapeDataString(now.AddMinutes(-5).ToString("O"))}").ToString());
        await Assertions.Expect(page.GetByText("Nothing looks different")).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    /// <summary>What the log of the fake tells: everybody was trusted, but for the last, who joins with its first change.</summary>
    private static Func<DateTimeOffset, DateTimeOffset, HistoryView> History(FakeFleet fleet, DateTimeOffset now, params (int Minutes, string Device, string Look)[] lines) => (from, to) =>
    {
        var changes = lines.Select(line => new PastChange(now.AddMinutes(line.Minutes), line.Device, line.Look, "verdict", Hostile, "anna")).ToList();
        var last = fleet.Devices.Values.Last().Id;
        return new(from, to, now.AddDays(-30),
            [.. fleet.Devices.Values.Select(device => new PastDevice(device.Id, device.Name, device.Site, device.Model, device.Tier, changes.LastOrDefault(one => one.Device == device.Id && one.At <= from)?.Look ?? (device.Id == last ? null : Looks.Trusted), null))],
            [.. changes.Where(one => one.At > from && one.At <= to)],
            Tags: [.. new PastTags[] { new(now.AddMinutes(-25), last, ["quarantine"]), new(now.AddMinutes(-2), last, ["lab"]) }.Where(one => one.At > from && one.At <= to)]);
    };

    private static async Task<string?> LookAsync(IPage page, string id) => await page.EvaluateAsync<string?>("id => window.__trustgraph.node(id)?.look ?? null", id);
}
