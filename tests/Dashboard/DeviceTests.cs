using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed class DeviceTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task The_page_of_a_device_says_why_failures_first()
    {
        var fleet = FakeFleet.Of(30);
        var bad = fleet.Devices.Values.First(device => device.Look == Looks.Contraindicated);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, $"/devices/{bad.Id}");

        await Assertions.Expect(page.GetByTestId("look")).ToHaveTextAsync("Contraindicated");
        var first = page.Locator("table.because tbody tr").First;
        await Assertions.Expect(first).ToContainTextAsync("Fail");
        await Assertions.Expect(first).ToContainTextAsync("/app/press.conf");
        await Assertions.Expect(first).ToContainTextAsync("reference values of");
        await Assertions.Expect(first.Locator(".since")).ToContainTextAsync("since 3 min ago");
        await Assertions.Expect(page.Locator(".outcome-not-compared .since")).ToHaveTextAsync("since when is not known");
        await Assertions.Expect(page.GetByTestId("since")).ToContainTextAsync("3 min ago");
        await page.SetViewportSizeAsync(390, 800);
        Assert.InRange(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, 390);
        await page.SetViewportSizeAsync(1360, 860);
        foreach (var (tab, text) in new[] { ("Measurements", "/etc/ssh/sshd_config"), ("Identity", "TPM EK 0042"), ("Evidence", "<script>alert(1)</script>"), ("Timeline", "joined with a token") })
        {
            await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync(text);
        }
        await page.GetByRole(AriaRole.Tab, new() { Name = "Identity" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("membership")).ToContainTextAsync("expires soon");
        await Assertions.Expect(page.Locator(".certificates tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".certificates tbody tr").First).ToContainTextAsync("0042a7");
        await Assertions.Expect(page.Locator(".certificates tbody tr").First.Locator(".validity")).ToHaveCountAsync(0);

        // The policy it was judged by, as it was: no longer the one in force.
        dashboard.Silo.Earlier[4] = (fleet.Policy with { Tiers = ["software"] }, "olga", null);
        fleet.Policy = fleet.Policy with { Version = 6 };
        await page.GetByRole(AriaRole.Tab, new() { Name = "Verdict" }).ClickAsync();
        await page.Locator("[data-policy]").ClickAsync();
        await Assertions.Expect(page.GetByText("You came for version 4; in force is version 6.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("From version 4 to version 6")).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Tags_are_edited_by_keyboard_told_apart_by_a_query_and_a_rare_value_is_named()
    {
        var fleet = FakeFleet.Of(30);
        var bad = fleet.Devices.Values.First(device => device.Look == Looks.Contraindicated);
        fleet.Devices[bad.Id] = bad with { Tags = ["lab"] };
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, $"/devices/{bad.Id}?tab=measurements");
        await LiveAsync(page);
        var odd = page.Locator("table.measurements tbody tr").First;
        await Assertions.Expect(odd).ToContainTextAsync("seen on 6 of 1,210");
        await Assertions.Expect(odd.Locator(".badge", new() { HasText = "rare" })).ToBeVisibleAsync();
        var registers = page.Locator("table.registers tbody tr");
        await Assertions.Expect(registers.Filter(new() { HasText = "PCR 7" }).Locator(".badge", new() { HasText = "rare" })).ToBeVisibleAsync();
        await Assertions.Expect(registers.Filter(new() { HasText = "PCR 7" })).ToContainTextAsync("seen on 6 of 1,180");
        await Assertions.Expect(registers.Filter(new() { HasText = "another on each device" })).ToContainTextAsync("seen on 1 of 1,180");
        await Assertions.Expect(registers.Filter(new() { HasText = "PCR 10" })).ToContainTextAsync("not counted, as it grows");

        await ReachAsync(page, "[data-edit-tags]");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.FillAsync("#tags-text", "<b>lab</b>");
        await Assertions.Expect(page.Locator("#tags-rule")).ToContainTextAsync("is no tag");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeDisabledAsync();
        await page.FillAsync("#tags-text", "hall-3 quarantine");
        await page.FillAsync("#tags-reason", "moved");
        // Enter does nothing while what was written before is still wrong to the server.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByTestId("tags")).ToContainTextAsync("quarantine");
        var (id, edit) = Assert.Single(dashboard.Silo.Tagged);
        Assert.Equal((bad.Id, "hall-3,quarantine", "lab", "moved"), (id, string.Join(',', edit.Add!), string.Join(',', edit.Remove!), edit.Reason));

        await page.GetByTestId("tags").GetByRole(AriaRole.Link, new() { Name = "quarantine" }).ClickAsync();
        await Assertions.Expect(page.GetByText("1 of 30")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync(bad.Name);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task The_page_of_a_device_changes_without_reload()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, $"/devices/{device.Id}");
        await Assertions.Expect(page.GetByTestId("look")).ToHaveTextAsync("Trusted");
        await LiveAsync(page);

        dashboard.Silo.Change(FakeFleet.Redraw(device with { Status = "contraindicated" }));

        await Assertions.Expect(page.GetByTestId("look")).ToHaveTextAsync("Contraindicated");
        await Assertions.Expect(page.Locator("table.because tbody tr").First).ToContainTextAsync("Fail");

        // Asked for a proof, by keyboard: nobody is there; then somebody is, and the new proof is the answer.
        var asked = page.GetByTestId("asked");
        dashboard.Silo.Away.Add(device.Id);
        await ReachAsync(page, "[data-attest]");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(asked).ToContainTextAsync("not connected to the mesh");
        dashboard.Silo.Away.Clear();
        await page.Locator("[data-attest]").ClickAsync();
        await Assertions.Expect(asked).ToContainTextAsync("It was asked. Its proof is shown here");
        dashboard.Silo.Change(FakeFleet.Redraw(fleet.Devices[device.Id] with { Status = "affirming", ProvenAt = DateTimeOffset.UtcNow }));
        await Assertions.Expect(asked).ToContainTextAsync("and proved itself");
        await Assertions.Expect(asked).ToContainTextAsync("Trusted");
        Assert.Equal([device.Id, device.Id], dashboard.Silo.Attested);
    }

    [Fact]
    public async Task A_device_is_revoked_by_keyboard_alone()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, $"/devices/{device.Id}");
        await LiveAsync(page);
        await Assertions.Expect(page.Locator("[data-act=revoke]")).ToBeEnabledAsync();

        await ReachAsync(page, "[data-act=revoke]");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await ReachAsync(page, "#decision-reason");
        await page.Keyboard.TypeAsync("stolen from hall 3");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("press");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Revoke for good" })).ToBeDisabledAsync();
        await page.Keyboard.TypeAsync(device.Name["press".Length..]);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Revoke for good" })).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByTestId("look")).ToHaveTextAsync("Revoked");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Equal((device.Id, "revoke", "stolen from hall 3"), Assert.Single(dashboard.Silo.Decisions));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_decision_on_what_somebody_else_changed_is_not_made()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, $"/devices/{device.Id}");
        await LiveAsync(page);
        await page.Locator("[data-act=suspend]").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("maintenance");

        // Without a delta: the page cannot know.
        fleet.Devices[device.Id] = device with { Version = device.Version + 1 };
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Suspend" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody else decided");
        Assert.Empty(dashboard.Silo.Decisions);
    }

    [Fact]
    public async Task A_viewer_sees_which_right_is_missing_and_cannot_decide()
    {
        var fleet = FakeFleet.Of(12);
        fleet.Add("newcomer", "oslo", "press", standing: "pending", status: "none");
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, $"/devices/{device.Id}", "code-viewer");

        await Assertions.Expect(page.GetByText($"Needs operator for site {device.Site}; you are signed in as viewer.").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-act]").First).ToBeDisabledAsync();
        await page.GotoAsync(new Uri(dashboard.Address, "/enrolment").ToString());
        await LiveAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Approve newcomer" })).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Make a token" })).ToBeDisabledAsync();
    }

    [Fact]
    public async Task An_approver_approves_who_waits_and_the_queue_empties()
    {
        var fleet = FakeFleet.Of(2, calm: 1);
        var waiting = fleet.Add("newcomer", "oslo", "press", standing: "pending", status: "none");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-approver");

        await page.GetByRole(AriaRole.Button, new() { Name = "Approve newcomer" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();

        await Assertions.Expect(page.GetByText("Nobody is waiting")).ToBeVisibleAsync();
        Assert.Equal((waiting.Id, "approve", null), Assert.Single(dashboard.Silo.Decisions));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_device_nobody_knows_is_said_so_with_the_trace_id()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1));
        var (page, _) = await SignedInAsync(dashboard, "/devices/nosuchdevice");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No device has this id.");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("00-fa4e-01");
    }

    [Fact]
    public async Task Fifty_thousand_devices_are_listed_found_and_scrolled()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(50_000, 100));
        var (page, complaints) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByText("50,000 of 50,000")).ToBeVisibleAsync();
        Assert.InRange(await page.Locator(".virtual tbody tr").CountAsync(), 10, 120);

        await page.Locator(".virtual").EvaluateAsync("table => table.scrollTop = table.scrollHeight");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "robot-arm-9996", Exact = true })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("camera-777");
        await Assertions.Expect(page.GetByText("3 of 50,000")).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }
}
