using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

[Collection(GraphCollection.Name)]
public sealed class LiveTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task The_overview_counts_without_reload()
    {
        var fleet = FakeFleet.Of(6, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        // What others saw at this dashboard a while ago.
        foreach (var (ago, trusted) in new[] { (20, 5), (19, 6), (3, 6) })
            dashboard.Services.GetRequiredService<FleetTrend>().Note("north-works", DateTimeOffset.UtcNow.AddMinutes(-ago), new Dictionary<string, int> { [Looks.Trusted] = trusted });
        var (page, complaints) = await SignedInAsync(dashboard, "/");
        await Assertions.Expect(page.GetByTestId("count-trusted")).ToHaveTextAsync("6");
        await Assertions.Expect(page.GetByTestId("trend")).ToContainTextAsync("as this dashboard has seen it since");
        // A line, a gap where nobody looked, and the line of now.
        await Assertions.Expect(page.Locator(".trend.look-trusted path")).ToHaveAttributeAsync("d", new System.Text.RegularExpressions.Regex("^M3[89] 20L(39|40) 0M5[56] 0M5[89] 0(L59 0)?$"));

        dashboard.Silo.Change([.. fleet.Devices.Values.Take(2).Select(device => FakeFleet.Redraw(device with { Status = "contraindicated" }))]);

        await Assertions.Expect(page.GetByTestId("count-contraindicated")).ToHaveTextAsync("2");
        await Assertions.Expect(page.GetByTestId("count-trusted")).ToHaveTextAsync("4");
        await Assertions.Expect(page.GetByText("Software authority key.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByTestId("peers")).ToContainTextAsync("of 6 are vouched for now by 3 or more other devices, the policy's quorum.");
        await Assertions.Expect(page.GetByTestId("firing")).ToHaveTextAsync("0");
        await Assertions.Expect(page.GetByTestId("waiting")).ToHaveTextAsync("0");

        // What needs somebody comes by itself, without moving what is there.
        var top = await page.GetByRole(AriaRole.Region, new() { Name = "Trust coverage" }).BoundingBoxAsync();
        dashboard.Silo.Fire("devices-failing", "critical", "2 devices: PCR 7 is not as expected", [.. fleet.Devices.Values.Take(2)]);
        dashboard.Silo.Say("alert", "2 devices: PCR 7 is not as expected");
        dashboard.Silo.Change([.. ((string[])["new-1", "new-2", "new-3", "new-4"]).Select((name, at) => fleet.Add(name, "oslo", "press", "pending", at == 0 ? "contraindicated" : "none"))]);
        await Assertions.Expect(page.GetByTestId("firing")).ToHaveTextAsync("1");
        var firing = page.GetByRole(AriaRole.Region, new() { Name = "Firing alerts" });
        await Assertions.Expect(firing.GetByRole(AriaRole.Listitem)).ToContainTextAsync(["Critical 2 devices: PCR 7 is not as expected"]);
        var waiting = page.GetByRole(AriaRole.Region, new() { Name = "Open approvals" });
        await Assertions.Expect(page.GetByTestId("waiting")).ToHaveTextAsync("4");
        await Assertions.Expect(waiting.GetByRole(AriaRole.Listitem)).ToContainTextAsync(["Proof fails new-1 at oslo", "No proof yet new-2", "No proof yet new-3"]);
        await Assertions.Expect(waiting).ToContainTextAsync("1 more wait, you can look, not decide");
        var after = await page.GetByRole(AriaRole.Region, new() { Name = "Trust coverage" }).BoundingBoxAsync();
        Assert.Equal((top!.Y, top.Height), (after!.Y, after.Height));
        await waiting.GetByRole(AriaRole.Link, new() { Name = "Enrolment" }).ClickAsync();
        await page.WaitForURLAsync("**/enrolment");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_page_tells_that_the_silo_is_away_keeps_what_it_knew_and_catches_up()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);

        await dashboard.Silo.StopAsync();
        await Assertions.Expect(page.GetByTestId("live")).ToContainTextAsync("Reconnecting");
        await Assertions.Expect(page.GetByTestId("live")).ToContainTextAsync("stale since");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = device.Name, Exact = true })).ToBeVisibleAsync();
        dashboard.Silo.Change(FakeFleet.Redraw(device with { Fresh = false }));
        await dashboard.Silo.StartAsync();

        await Assertions.Expect(page.GetByTestId("live")).ToHaveTextAsync("Live", new() { Timeout = 40_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stale 1" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_first_of_two_silos_being_dead_is_not_even_noticed()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3, calm: 1), silos: alive => Task.FromResult<IReadOnlyList<Uri>>([new("http://127.0.0.1:1"), alive.Address]));
        var (page, complaints) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task When_its_silo_is_gone_a_page_says_so_and_goes_on_with_the_next_by_itself()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        FakeSilo next = null!;
        await using var dashboard = await RunningDashboard.StartAsync(fleet, silos: async first => [first.Address, (next = await NextAsync(first)).Address]);
        await using var _ = next;
        var (page, _) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);
        Assert.Empty(next.Requests);

        await page.EvaluateAsync("() => { window.said = []; new MutationObserver(() => window.said.push(document.getElementById('live').textContent)).observe(document.getElementById('live'), { subtree: true, childList: true, characterData: true }); }");
        await dashboard.Silo.StopAsync();
        await page.WaitForFunctionAsync("() => window.said.some(text => text.includes('Reconnecting'))");
        await LiveAsync(page);

        next.Change(FakeFleet.Redraw(fleet.Devices.Values.First() with { Fresh = false }));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stale 1" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("/devices")]
    [InlineData("/graph")]
    public async Task A_number_the_next_silo_never_gave_has_the_snapshot_fetched_again(string where)
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        FakeSilo next = null!;
        await using var dashboard = await RunningDashboard.StartAsync(fleet, silos: async first => [first.Address, (next = await NextAsync(first)).Address]);
        await using var _ = next;
        dashboard.Silo.CutsFeeds = true;
        var (page, _) = await SignedInAsync(dashboard, where);
        await Assertions.Expect(page.GetByTestId(where == "/graph" ? "graph-live" : "live")).ToHaveTextAsync("Live");
        await Agent.Eventually.TrueAsync(() => next.Requests.Contains("/api/v1/graph/feed?after=1000001"), "the feed after the new snapshot");
        Assert.Contains("/api/v1/graph/feed?after=1", next.Requests);
        Assert.Contains("/api/v1/graph", next.Requests);
    }

    [Fact]
    public async Task Events_go_on_with_what_the_next_silo_keeps_and_none_is_shown_twice()
    {
        FakeSilo next = null!;
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3, calm: 1), silos: async first => [first.Address, (next = await NextAsync(first)).Address]);
        await using var _ = next;
        var (page, _) = await SignedInAsync(dashboard, "/events");
        dashboard.Silo.Say("revocation", "told by the first");
        await Assertions.Expect(page.GetByText("told by the first")).ToHaveCountAsync(1);
        next.Say("revocation", "told by the first");
        next.Say("revocation", "told by the next");
        await dashboard.Silo.StopAsync();
        await Assertions.Expect(page.GetByText("told by the next")).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByText("told by the first")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_empty_mesh_names_the_next_command()
    {
        await using var dashboard = await RunningDashboard.StartAsync(new FakeFleet());
        var (page, _) = await SignedInAsync(dashboard, "/");

        await Assertions.Expect(page.GetByText("trustmesh enroll token create")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_theme_is_kept_and_there_before_the_first_paint()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var (page, _) = await SignedInAsync(dashboard, "/");
        await LiveAsync(page);

        var toggle = page.GetByRole(AriaRole.Button, new() { Name = "Theme:" });
        await toggle.ClickAsync();
        await toggle.ClickAsync();
        await Assertions.Expect(toggle).ToHaveTextAsync("Theme: dark");

        var html = await (await page.APIRequest.GetAsync(dashboard.Address.ToString())).TextAsync();
        Assert.Contains("data-theme=\"dark\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circuit_that_is_cut_says_so()
    {
        var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var (page, _) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);

        await dashboard.DisposeAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("The connection to the dashboard is cut");
        await Assertions.Expect(page.GetByTestId("live").GetByText("Live")).ToBeHiddenAsync();
    }

    /// <summary>Another silo of the same mesh.</summary>
    private static async Task<FakeSilo> NextAsync(FakeSilo first)
    {
        var next = new FakeSilo(first.Fleet, first);
        await next.StartAsync();
        return next;
    }
}
