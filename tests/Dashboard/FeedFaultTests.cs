using System.Text.Json;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>A feed that skips, repeats or floods, a snapshot that breaks off, a pause: each has a state that can be seen, and nothing is lost.</summary>
[Collection(GraphCollection.Name)]
public sealed class FeedFaultTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task A_snapshot_cut_in_half_is_never_shown_and_fetched_again_until_it_is_whole()
    {
        var fleet = FakeFleet.Of(200, 2, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.CutsSnapshots = true;
        var (page, _) = await SignedInAsync(dashboard, "/graph");
        await Assertions.Expect(page.GetByTestId("graph-live")).ToContainTextAsync("Reconnecting");
        await Assertions.Expect(page.Locator("[data-graph-banner]")).ToContainTextAsync("Not live");
        Assert.Equal(0, (await StatsAsync(page)).GetProperty("nodes").GetInt32());

        // One that ends in order, as through a proxy that gave up, and one of a silo that is newer: nothing but the bytes themselves tells.
        foreach (var (spoil, said) in new (Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>, string)[]
        {
            (whole => whole[..(whole.Length / 2)], "the snapshot broke off after"),
            (whole => new byte[] { 0x54, 0x4d, 0x47, 0x53, 2, 0 }.Concat(whole.ToArray().Skip(6)).ToArray(), "snapshot version 2; reload the page"),
            (whole => whole.ToArray().Append((byte)0).ToArray(), "a snapshot longer than it says"),
        })
        {
            dashboard.Silo.Spoils = spoil;
            await NowAsync();
            await Assertions.Expect(page.Locator("[data-graph-banner]")).ToContainTextAsync(said);
            Assert.Equal(0, (await StatsAsync(page)).GetProperty("nodes").GetInt32());
        }

        // At last from a silo of before, as in the middle of an upgrade.
        (dashboard.Silo.CutsSnapshots, dashboard.Silo.Spoils, dashboard.Silo.IsOld) = (false, null, true);
        await NowAsync();
        await Assertions.Expect(page.GetByTestId("graph-live")).ToHaveTextAsync("Live", new() { Timeout = 40_000 });
        Assert.Equal(201, (await StatsAsync(page)).GetProperty("nodes").GetInt32());
        await Assertions.Expect(page.Locator("[data-graph-banner]")).ToBeHiddenAsync();

        // Who comes back to the page does not wait for the next attempt.
        Task NowAsync() => page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
    }

    [Fact]
    public async Task A_snapshot_goes_over_the_wire_at_a_fraction_of_its_size()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2_000, 20));
        var (page, _) = await SignedInAsync(dashboard, "/log");
        var snapshot = await page.RunAndWaitForResponseAsync(() => page.GotoAsync(new Uri(dashboard.Address, "/graph").ToString()), "**/feed/snapshot");
        await GraphLiveAsync(page);
        Assert.Equal("br", (await snapshot.AllHeadersAsync())["content-encoding"]);
        var whole = JsonSerializer.SerializeToUtf8Bytes(dashboard.Silo.Fleet.Snapshot(1), JsonSerializerOptions.Web).Length;
        var sent = (await snapshot.Request.SizesAsync()).ResponseBodySize;
        Assert.True(sent * 4 < whole, $"{sent} of {whole} bytes");
    }

    [Fact]
    public async Task A_feed_that_skips_has_the_snapshot_fetched_again_and_one_that_repeats_changes_nothing()
    {
        var fleet = FakeFleet.Of(6, calm: 1);
        var (one, other) = (fleet.Devices.Values.First(), fleet.Devices.Values.Last());
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);

        dashboard.Silo.Repeat(FakeFleet.Redraw(one with { Status = "warning" }));
        await page.WaitForFunctionAsync("id => window.__trustgraph.node(id).look === 'warning'", one.Id);
        // The page's circuit follows it once, and the picture once: neither began again.
        Assert.Equal(2, dashboard.Silo.Requests.Count(path => path.StartsWith("/api/v1/graph/feed", StringComparison.Ordinal)));

        // One that nobody is told of, then one that does not follow: only a snapshot knows both.
        fleet.Devices[other.Id] = FakeFleet.Redraw(other with { Fresh = false });
        dashboard.Silo.Skip();
        dashboard.Silo.Change(FakeFleet.Redraw(one with { Status = "contraindicated" }));
        await page.WaitForFunctionAsync("([a, b]) => window.__trustgraph.node(a).look === 'contraindicated' && window.__trustgraph.node(b).look === 'stale'", new[] { one.Id, other.Id });
        await Assertions.Expect(page.GetByTestId("graph-live")).ToHaveTextAsync("Live");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A42_a_flood_while_paused_is_one_batch_and_what_waits_is_counted()
    {
        var fleet = FakeFleet.Of(50, calm: 1);
        var devices = fleet.Devices.Values.ToList();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        await page.Locator("[data-graph-canvas]").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator("[data-graph-banner]")).ToContainTextAsync("Paused at");

        for (var round = 0; round < 214; round++)
            dashboard.Silo.Change(FakeFleet.Redraw(devices[round % 50] with { Status = round < 200 ? "warning" : "contraindicated" }));
        await Assertions.Expect(page.Locator("[data-graph-banner]")).ToContainTextAsync("214 changes waiting");
        Assert.Equal(Looks.Trusted, await page.EvaluateAsync<string>("id => window.__trustgraph.node(id).look", devices[0].Id));

        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator("[data-graph-banner]")).ToBeHiddenAsync();
        await page.WaitForFunctionAsync("() => window.__trustgraph.stats().last?.changes === 50");
        await Assertions.Expect(page.Locator("[data-graph-look=contraindicated] [data-graph-count]")).ToHaveTextAsync("14");
        await Assertions.Expect(page.Locator("[data-graph-look=warning] [data-graph-count]")).ToHaveTextAsync("36");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A42_a_flood_while_live_is_drawn_in_batches_ends_right_and_leaves_nothing_behind()
    {
        const int flood = 20_000;
        var fleet = FakeFleet.Of(50, calm: 1);
        var devices = fleet.Devices.Values.ToList();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        var heap = await BrowserHeap.OpenAsync(page);
        var (held, frames) = (await heap.MegabytesAsync(), (await StatsAsync(page)).GetProperty("frames").GetInt32());

        // Each alone; in the last round fourteen fail.
        for (var i = 0; i < flood; i++)
            dashboard.Silo.Change(FakeFleet.Redraw(devices[i % 50] with { Status = i >= flood - 50 && i % 50 < 14 ? "contraindicated" : i / 50 % 2 == 0 ? "affirming" : "warning" }));
        await page.WaitForFunctionAsync("flood => window.__trustgraph.stats().told === flood", flood, new() { Timeout = 60_000 });
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");

        await Assertions.Expect(page.Locator("[data-graph-look=contraindicated] [data-graph-count]")).ToHaveTextAsync("14");
        await Assertions.Expect(page.Locator("[data-graph-look=warning] [data-graph-count]")).ToHaveTextAsync("36");
        Assert.Equal(devices.Select((_, i) => i < 14 ? Looks.Contraindicated : Looks.Warning), await page.EvaluateAsync<string[]>("ids => ids.map(id => window.__trustgraph.node(id).look)", devices.Select(device => device.Id)));
        Assert.InRange((await StatsAsync(page)).GetProperty("frames").GetInt32() - frames, 1, flood / 4);
        Assert.InRange(await heap.MegabytesAsync() - held, -50, 8);
        await Assertions.Expect(page.GetByTestId("graph-live")).ToHaveTextAsync("Live");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task What_is_not_live_is_dimmed_and_says_since_when()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(6, calm: 1));
        var (page, _) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        await dashboard.Silo.StopAsync();
        await Assertions.Expect(page.Locator("[data-graph-banner]")).ToContainTextAsync("stale since");
        await page.WaitForFunctionAsync("() => Number(getComputedStyle(document.querySelector('[data-graph-canvas]')).opacity) < 0.6");
        await dashboard.Silo.StartAsync();
        await Assertions.Expect(page.Locator("[data-graph-banner]")).ToBeHiddenAsync(new() { Timeout = 40_000 });
        await page.WaitForFunctionAsync("() => Number(getComputedStyle(document.querySelector('[data-graph-canvas]')).opacity) === 1");
    }

    [Fact]
    public async Task Without_WebGL_the_table_is_shown_and_says_why()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(6));
        var (page, _) = await SignedInAsync(dashboard, "/devices");
        await page.AddInitScriptAsync("HTMLCanvasElement.prototype.getContext = (get => function (kind, ...more) { return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); })(HTMLCanvasElement.prototype.getContext);");
        await page.GotoAsync(new Uri(dashboard.Address, "/graph?look=trusted").ToString());
        await page.WaitForURLAsync("**/graph?view=table*because=webgl*status:trusted");
        await Assertions.Expect(page.GetByText("cannot draw the graph")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_wants_less_motion_gets_a_picture_that_does_not_glide()
    {
        var fleet = FakeFleet.Of(60, 6, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/devices");
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync(new Uri(dashboard.Address, "/graph").ToString());
        await GraphLiveAsync(page);
        foreach (var act in new[] { "() => document.querySelector('[data-graph-zoom=in]').click()", $"() => window.__trustgraph.select('{fleet.Devices.Keys.First()}')", "() => document.querySelector('[data-graph-zoom=fit]').click()" })
            Assert.False(await page.EvaluateAsync<bool>($"() => {{ ({act})(); return window.__trustgraph.isMoving(); }}"));
    }

    [Fact]
    public async Task Changes_are_told_to_people_who_hear_them_as_one_summary_every_five_seconds_at_most()
    {
        var fleet = FakeFleet.Of(12, calm: 1);
        var devices = fleet.Devices.Values.ToList();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/graph");
        await GraphLiveAsync(page);
        await page.EvaluateAsync("() => { window.said = []; new MutationObserver(() => window.said.push([Date.now(), document.getElementById('graph-status').textContent])).observe(document.getElementById('graph-status'), { childList: true, characterData: true, subtree: true }); }");
        for (var i = 0; i < 6; i++)
            dashboard.Silo.Change(FakeFleet.Redraw(devices[i] with { Status = "contraindicated" }));
        await page.WaitForFunctionAsync("() => window.said.reduce((sum, [, text]) => sum + (text.includes('devices are') ? Number(text.split(' ')[0]) : text.includes('is contraindicated') ? 1 : 0), 0) === 6");
        var said = JsonElement.Parse(await page.EvaluateAsync<string>("() => JSON.stringify(window.said.map(([at]) => at))")).EnumerateArray().Select(at => at.GetInt64()).ToList();
        Assert.All(said.Zip(said.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 4_900));
    }

    private static async Task<JsonElement> StatsAsync(IPage page) => JsonElement.Parse(await page.EvaluateAsync<string>("() => JSON.stringify(window.__trustgraph.stats())"));
}
