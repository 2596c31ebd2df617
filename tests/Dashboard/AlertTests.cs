using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed class AlertTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task What_fires_is_counted_in_the_navigation_and_taken_on_with_a_note()
    {
        var fleet = FakeFleet.Of(40, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/alerts");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByText("Nothing is wrong")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Alerts", Exact = true })).ToBeVisibleAsync();

        dashboard.Silo.FireSome();
        dashboard.Silo.Say("alert", "critical alert devices-failing fired: PCR 7 is not as expected");
        await Assertions.Expect(page.GetByTestId("tally")).ToHaveTextAsync("2 firing, 1 acknowledged, 1 silenced");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Alerts 2 alerts firing" })).ToBeVisibleAsync();
        foreach (var text in new[] { "Critical", "PCR 7 is not as expected", "devices-failing" })
            await Assertions.Expect(page.GetByTestId("alerts-firing")).ToContainTextAsync(text);
        await Assertions.Expect(page.GetByTestId("alerts-silenced")).ToContainTextAsync("by olga: the hall is being rewired");
        await Assertions.Expect(page.GetByTestId("alerts-acknowledged")).ToContainTextAsync("Acknowledged by olga");
        await Assertions.Expect(page.GetByTestId("alerts-resolved")).ToContainTextAsync("two machines answer with this identity");

        await page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge: 3 devices at oslo: devices-stale" }).ClickAsync();
        await page.GetByLabel("Note (optional)").FillAsync("somebody is on the way");
        await page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByTestId("alerts-acknowledged")).ToContainTextAsync("somebody is on the way");
        await Assertions.Expect(page.GetByTestId("tally")).ToHaveTextAsync("1 firing, 2 acknowledged, 1 silenced");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Alerts 1 alerts firing" })).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task An_alert_leads_to_its_devices_on_the_graph_and_in_the_table()
    {
        var fleet = FakeFleet.Of(40, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.FireSome();
        var failed = fleet.Devices.Values.Count(device => device.Look == Looks.Contraindicated);
        var (page, complaints) = await SignedInAsync(dashboard, "/alerts");
        await LiveAsync(page);
        var card = page.GetByTestId("alerts-firing").Locator(".alert").First;
        await card.Locator("summary").ClickAsync();
        await Assertions.Expect(card.Locator(".alert-devices a")).ToHaveCountAsync(Math.Min(20, failed));
        // One that is about a silo has no devices, and leads to the silos.
        dashboard.Silo.Fire("silo-clock", "warning", "the clock of silo-2 is wrong", [], null, silo: "silo-2");
        dashboard.Silo.Say("alert", "warning alert silo-clock fired: the clock of silo-2 is wrong");
        var about = page.GetByTestId("alerts-firing").Locator(".alert").Filter(new() { HasText = "the clock of silo-2" });
        await Assertions.Expect(about.GetByRole(AriaRole.Link)).ToHaveCountAsync(1);
        await Assertions.Expect(about.GetByRole(AriaRole.Link, new() { Name = "The silos: the clock of silo-2 is wrong" })).ToHaveAttributeAsync("href", "/silos");
        await Assertions.Expect(card.GetByRole(AriaRole.Link, new() { Name = "On the graph" })).ToHaveAttributeAsync("href", "/graph?q=status:failed");
        await card.GetByRole(AriaRole.Link, new() { Name = "In the table" }).ClickAsync();
        await page.WaitForURLAsync("**/devices?q=status:failed");
        await Assertions.Expect(page.Locator("[data-query-found]")).ToHaveTextAsync($"{failed} matches");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task With_the_keyboard_alone_an_alert_is_found_taken_on_and_another_silenced()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(40, 3));
        dashboard.Silo.FireSome();
        var (page, complaints) = await SignedInAsync(dashboard, "/");
        await LiveAsync(page);
        await TabToAsync(page, "Alerts 2 alerts firing");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/alerts");
        await Assertions.Expect(page.GetByTestId("tally")).ToBeVisibleAsync();
        await TabToAsync(page, "Acknowledge: 3 devices at oslo: devices-stale");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("Note (optional)")).ToBeVisibleAsync();
        await TabToAsync(page, "Note (optional)");
        await page.Keyboard.TypeAsync("on it");
        await TabToAsync(page, "Acknowledge");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("alerts-acknowledged")).ToContainTextAsync("on it");

        await TabToAsync(page, "Silence: 3 devices at oslo: devices-stale");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await TabToAsync(page, "Silence: 3 devices at oslo: devices-stale");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "Reason");
        await page.Keyboard.TypeAsync("works");
        await TabToAsync(page, "Silence");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("alerts-silenced")).ToContainTextAsync("by olga: works");
        var silence = dashboard.Silo.Silences[^1];
        Assert.Equal(("devices-stale", "status:stale site:oslo", "works"), (silence.Rule, silence.Query, silence.Reason));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_silence_says_whom_it_is_about_needs_a_reason_and_is_ended_again()
    {
        var fleet = FakeFleet.Of(40, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/alerts?tab=silences");
        await LiveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "New silence" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("rewiring");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true })).ToBeDisabledAsync();
        await dialog.GetByLabel("Devices (none: all)").FillAsync("sit:oslo");
        await Assertions.Expect(dialog.GetByText("unknown field \"sit\"")).ToBeVisibleAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true })).ToBeDisabledAsync();
        await dialog.GetByLabel("Devices (none: all)").FillAsync("site:oslo");
        await Assertions.Expect(dialog.GetByText($"{fleet.Devices.Values.Count(device => device.Site == "oslo")} devices now")).ToBeVisibleAsync();
        await dialog.GetByLabel("For", new() { Exact = true }).SelectOptionAsync("2592000");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Silences", Exact = true })).ToContainTextAsync("rewiring");
        Assert.InRange((Assert.Single(dashboard.Silo.Silences).Until - DateTimeOffset.UtcNow).TotalDays, 29.9, 30);
        await page.GetByRole(AriaRole.Button, new() { Name = "End now: the silence of every rule for site:oslo" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nothing is silenced.")).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_rule_says_whom_it_finds_before_it_is_made_and_is_changed_switched_and_removed()
    {
        var fleet = FakeFleet.Of(40, 3);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/alerts?tab=rules", "code-admin");
        await LiveAsync(page);
        var make = page.GetByRole(AriaRole.Button, new() { Name = "Make the rule" });
        await Assertions.Expect(make).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Devices the rule is about" }).PressSequentiallyAsync("site:oslo status:failed ");
        var found = fleet.Devices.Values.Count(device => device is { Site: "oslo", Look: Looks.Contraindicated });
        await Assertions.Expect(page.GetByTestId("preview")).ToContainTextAsync(found == 1 ? "Finds 1 device now" : $"Finds {found} devices now");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByLabel("Name").FillAsync("oslo-failing");
        await page.GetByLabel("Severity").SelectOptionAsync("critical");
        await page.GetByLabel("Must match for").SelectOptionAsync("300");
        await make.ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "oslo-failing" });
        foreach (var text in new[] { "Critical", "site:oslo status:failed", "5 min", "on", "ada" }) await Assertions.Expect(row).ToContainTextAsync(text);

        await page.GetByRole(AriaRole.Button, new() { Name = "Change oslo-failing" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Devices the rule is about" })).ToHaveValueAsync("site:oslo status:failed");
        await page.GetByLabel("Severity").SelectOptionAsync("info");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Info");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch off devices-stale" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch on devices-stale" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove devices-stale" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove oslo-failing" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_webhook_made_by_keyboard_shows_its_secret_once_and_what_came_of_each_message()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(12));
        var (page, complaints) = await SignedInAsync(dashboard, "/alerts?tab=webhooks", "code-admin");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByText("Nobody is told of alerts yet.")).ToBeVisibleAsync();
        await TabToAsync(page, "Name");
        await page.Keyboard.TypeAsync("ops");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("https://hooks.example/alerts");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("critical");
        await TabToAsync(page, "Make a webhook");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("made-webhook")).ToContainTextAsync(FakeSilo.WebhookSecretText);
        await TabToAsync(page, "I have it");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("made-webhook")).ToHaveCountAsync(0);
        Assert.DoesNotContain("whsec_", await page.ContentAsync(), StringComparison.Ordinal);
        await TabToAsync(page, "Test ops");
        await page.Keyboard.PressAsync("Enter");
        var deliveries = page.GetByTestId("deliveries");
        foreach (var text in new[] { "io.trustmesh.webhook.test.v1", "Delivered", "answered 204", "84 ms" }) await Assertions.Expect(deliveries).ToContainTextAsync(text);
        await deliveries.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await Assertions.Expect(deliveries).ToContainTextAsync("Still tried");
        await Assertions.Expect(deliveries.GetByRole(AriaRole.Button, new() { Name = "Send again" })).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New secret for ops" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a new secret" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("made-webhook")).ToContainTextAsync("For 24 hours every message is signed with the secret before, too.");
        await page.GetByLabel("Name").FillAsync("ops");
        await page.GetByLabel("Address").FillAsync("https://hooks.example/again");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a webhook" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is a webhook ops already.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove ops" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nobody is told of alerts yet.")).ToBeVisibleAsync();
        Assert.DoesNotContain("whsec_", dashboard.Log.Text, StringComparison.Ordinal);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A37_Buttons_say_which_right_is_missing()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(40, 3));
        dashboard.Silo.FireSome();
        var (page, complaints) = await SignedInAsync(dashboard, "/alerts", "code-viewer");
        await LiveAsync(page);
        var acknowledge = page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge: 3 devices at oslo: devices-stale" });
        await Assertions.Expect(acknowledge).ToBeDisabledAsync();
        await Assertions.Expect(acknowledge).ToHaveAttributeAsync("title", "Needs operator for the whole mesh; you are signed in as viewer.");
        await page.GotoAsync(new Uri(dashboard.Address, "/alerts?tab=rules").ToString());
        await Assertions.Expect(page.GetByText("You can look, not change.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch off devices-stale" })).ToBeDisabledAsync();
        await page.GotoAsync(new Uri(dashboard.Address, "/alerts?tab=webhooks").ToString());
        await Assertions.Expect(page.GetByText("Webhooks are an admin's matter")).ToBeVisibleAsync();
        Assert.DoesNotContain(dashboard.Silo.Requests, request => request.Contains("/webhooks", StringComparison.Ordinal));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A44_Hostile_words_in_alerts_rules_silences_and_webhooks_stay_words()
    {
        const string hostile = "<img src=x onerror=alert(1)>\u202Eevil\u0007";
        var long_ = new string('w', 2_000);
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(40, 3));
        var silo = dashboard.Silo;
        silo.Fire(hostile, "critical", $"1 device: {hostile} is not as expected", [.. silo.Fleet.Devices.Values.Take(1).Select(one => one with { Name = hostile, Site = hostile })], hostile, by: new(hostile, DateTimeOffset.UtcNow, hostile + long_));
        silo.Fire("long", long_, $"1 device: {long_}", [], null, silence: new("0123456789abcdef", hostile, hostile, DateTimeOffset.UtcNow.AddHours(1), hostile + long_, hostile, DateTimeOffset.UtcNow));
        silo.Silences.Add(silo.Alerts[1].Silence!);
        silo.AlertRules.Add(new("mine", hostile + long_, hostile, "info", 7, true, false, hostile, DateTimeOffset.UtcNow));
        silo.Webhooks.Add(new("mine", $"https://hooks.example/{hostile}{long_}", hostile, hostile, DateTimeOffset.UtcNow, 1, Last: new("msg_1", hostile, hostile, DateTimeOffset.UtcNow, hostile, 1, 200, hostile)));
        silo.Deliveries.Add(silo.Webhooks[0].Last!);
        var (page, complaints) = await SignedInAsync(dashboard, "/alerts", "code-admin");
        foreach (var tab in new[] { "now", "rules", "silences", "webhooks" })
        {
            await page.SetViewportSizeAsync(1360, 860);
            await page.GotoAsync(new Uri(dashboard.Address, $"/alerts?tab={tab}").ToString());
            await LiveAsync(page);
            await Assertions.Expect(page.GetByText("<img src=x onerror=alert(1)>").First).ToBeVisibleAsync();
            Assert.Equal(0, await page.Locator("main img").CountAsync());
            foreach (var width in new[] { 1360, 420 })
            {
                await page.SetViewportSizeAsync(width, 860);
                Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{tab} is wider than a window of {width}");
            }
        }
        Assert.Empty(complaints);
    }

    private static async Task TabToAsync(IPage page, string name)
    {
        for (var i = 0; i < 120; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var now = await page.EvaluateAsync<string>("() => { const on = document.activeElement; return on?.getAttribute('aria-label') ?? on?.labels?.[0]?.textContent ?? on?.textContent ?? ''; }");
            // Words that are only for who listens stand in elements of their own, without a space before.
            if (string.Concat(now.Where(c => !char.IsWhiteSpace(c))) == string.Concat(name.Where(c => !char.IsWhiteSpace(c)))) return;
        }
        Assert.Fail($"Tab never came to {name}");
    }
}
