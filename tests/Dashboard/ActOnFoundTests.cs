using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What the page of devices found is acted on from there, and shown by the columns somebody wants.</summary>
public sealed class ActOnFoundTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task What_a_query_found_is_tagged_after_it_was_tried_out_and_revoked_by_the_wizard_all_by_keyboard()
    {
        var fleet = FakeFleet.Of(24, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);
        var (tag, revoke) = (page.Locator("[data-tag-these]"), page.Locator("[data-revoke-these]"));
        // All of a mesh is nothing to act on by mistake.
        await Assertions.Expect(tag).ToBeDisabledAsync();
        await Assertions.Expect(revoke).ToBeDisabledAsync();
        await Assertions.Expect(page.Locator(".bulk-bar")).ToContainTextAsync("write a query that says which ones");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("site:oslo");
        await Assertions.Expect(tag).ToBeEnabledAsync();
        await Assertions.Expect(revoke).ToHaveAttributeAsync("href", "/revocations/new?q=site:oslo");
        var there = fleet.Devices.Values.Where(device => device.Site == "oslo").ToList();
        await tag.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync($"Tag {there.Count} devices?");
        await Assertions.Expect(page.Locator("#tag-many-add")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Night!");
        await Assertions.Expect(dialog.Locator(".field-problem")).ToContainTextAsync("is no tag");
        await page.Keyboard.PressAsync("ControlOrMeta+A");
        await page.Keyboard.TypeAsync("night line-3");
        await page.Locator("[data-try-tags]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var changed = there.Count(device => !(device.Tags ?? []).Contains("night"));
        await Assertions.Expect(page.GetByTestId("bulk-tried")).ToContainTextAsync($"{changed} of {there.Count} would be changed.");
        // What was tried out is not what is written any more: it has to be tried again.
        await WriteAsync(page.Locator("#tag-many-remove"), "prod");
        await Assertions.Expect(page.GetByTestId("bulk-tried")).ToHaveCountAsync(0);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true })).ToBeDisabledAsync();
        await page.Locator("[data-try-tags]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await WriteAsync(dialog.GetByLabel("Reason (optional)"), "night shift");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = $"Tag {changed}", Exact = true })).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Changed the tags of" })).ToContainTextAsync($"{changed} of {changed}");
        var done = dashboard.Silo.TaggedMany.Last();
        Assert.Equal((false, "night shift", changed), (done.DryRun, done.Reason, done.Devices!.Count));
        Assert.Equal(["line-3", "night"], done.Add!.Order());
        Assert.All(there, device => Assert.Contains("night", fleet.Devices[device.Id].Tags!));

        await revoke.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/revocations/new?q=site:oslo");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Choose the devices" })).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A37_A_viewer_is_told_which_right_is_missing()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(6));
        var (page, _) = await SignedInAsync(dashboard, "/devices?q=site:oslo", "code-viewer");
        await LiveAsync(page);
        foreach (var act in new[] { "[data-tag-these]", "[data-revoke-these]" })
        {
            await Assertions.Expect(page.Locator(act)).ToBeDisabledAsync();
            await Assertions.Expect(page.Locator(act)).ToHaveAttributeAsync("title", "Needs operator; you are signed in as viewer.");
        }
        await Assertions.Expect(page.Locator(".bulk-bar .hint")).ToHaveTextAsync("Needs operator; you are signed in as viewer.");
    }

    [Fact]
    public async Task Columns_and_order_are_chosen_by_keyboard_and_stay_in_the_address()
    {
        var fleet = FakeFleet.Of(24, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/devices?q=site:oslo");
        await LiveAsync(page);
        await page.Locator("[data-columns] summary").PressAsync("Enter");
        foreach (var (column, title) in new[] { ("fw", "Firmware"), ("agent", "Agent"), ("policy", "Policy") })
        {
            await page.Locator($"[data-column={column}]").PressAsync("Space");
            await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = title })).ToBeVisibleAsync();
            await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"[=,]{column}&"));
        }
        await page.Locator("[data-column=model]").PressAsync("Space");
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Model" })).ToHaveCountAsync(0);
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(dashboard.Address, "/devices?cols=look,name,site,root,proven,tags,fw,agent,policy&q=site:oslo").ToString());
        await page.Locator("[data-columns] summary").PressAsync("Enter");

        var firmware = page.GetByRole(AriaRole.Columnheader, new() { Name = "Firmware" });
        await Assertions.Expect(firmware).ToHaveAttributeAsync("aria-sort", "none");
        await page.Locator("[data-sort=fw]").PressAsync("Enter");
        await Assertions.Expect(firmware).ToHaveAttributeAsync("aria-sort", "ascending");
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" })).ToHaveAttributeAsync("aria-sort", "none");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(firmware).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("&order=-firmware$"));
        // Loaded again it is the same.
        await page.ReloadAsync();
        await LiveAsync(page);
        await Assertions.Expect(firmware).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Model" })).ToHaveCountAsync(0);
        var shown = await page.Locator("tbody tr a.device-name").AllInnerTextsAsync();
        Assert.Equal(DeviceQuery.Parse("site:oslo", null, null, "-firmware").Of(fleet.Devices.Values.Select(FakeFleet.Node), DateTimeOffset.UtcNow).Select(device => device.Name), shown);
        Assert.Empty(complaints);
    }

    [Fact]
    public void Orders_compare_versions_as_versions_and_put_what_is_not_there_last()
    {
        GraphNode Node(string name, string? agent, int? since) => new(
            name, name, "device", "oslo", "press", "tpm-quote", "active", "affirming", true, Looks.Trusted, null, null, since is { } at ? DateTimeOffset.UnixEpoch.AddSeconds(at) : null, Agent: agent);

        GraphNode[] devices = [Node("a", "agent 0.10.0", 5), Node("b", null, null), Node("c", "agent 0.9.1", 3), Node("d", "agent 0.9.1", 9)];
        string Names(string order) => string.Concat(DeviceQuery.Parse(null, null, null, order).Of(devices, DateTimeOffset.UnixEpoch).Select(device => device.Name));
        Assert.Equal("cdab", Names("agent"));
        Assert.Equal("badc", Names("-agent"));
        Assert.Equal("cadb", Names("since"));
        Assert.Equal("/devices?order=-since", DeviceQuery.Parse(null, null, null, "-since").Url("/devices"));
        Assert.Equal("/devices?order=-name", DeviceQuery.Parse(null, null, null, "-name").Url("/devices"));
        Assert.Equal("/devices", DeviceQuery.Parse(null, null, null, "made-up").Url("/devices"));
        Assert.Equal(["name", "fw"], DeviceColumn.Parse("fw,<script>,fw").Select(one => one.Key));
        Assert.Null(DeviceColumn.Pair(DeviceColumn.Parse("")));
    }
}
