using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

public sealed class RevokingTests(Browser browser) : DashboardTests(browser)
{
    private const string Input = "[data-query-input]";

    [Fact]
    public async Task Is_done_by_keyboard_alone_from_the_query_to_the_last_acknowledgement()
    {
        var fleet = FakeFleet.Of(24, 3, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations");
        await LiveAsync(page);
        await page.Locator("[data-revoke-devices]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/revocations/new");
        await Assertions.Expect(page.Locator("[data-next]")).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByTestId("step-missing")).ToContainTextAsync("write which ones");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("site:oslo");
        await Assertions.Expect(page.GetByTestId("choice")).ToHaveTextAsync("8 can be revoked by you, 0 are revoked already, 0 are not yours to revoke.");
        Assert.EndsWith("/revocations/new?q=site:oslo", page.Url, StringComparison.Ordinal);
        await TabToAsync(page, "[data-next]");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "See what it costs the others" })).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByTestId("plan-devices")).ToHaveTextAsync("8");
        await Assertions.Expect(page.Locator("[aria-current=step]")).ToContainTextAsync("See what it costs the others");
        await TabToAsync(page, "[data-next]");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Give the reason and confirm" })).ToBeFocusedAsync();
        var revoke = page.Locator("[data-revoke]");
        await Assertions.Expect(revoke).ToBeDisabledAsync();
        await TabToAsync(page, "#revoke-reason");
        await page.Keyboard.TypeAsync("hall 3 burned down");
        await Assertions.Expect(page.GetByTestId("confirm-missing")).ToHaveTextAsync("Type 8 to confirm.");
        await TabToAsync(page, "#revoke-typed");
        await page.Keyboard.TypeAsync("9");
        await Assertions.Expect(page.GetByTestId("confirm-missing")).ToHaveTextAsync("That is not 8; type exactly that to confirm.");
        await Assertions.Expect(revoke).ToBeDisabledAsync();
        // Enter in the field does not get round the button.
        await page.Keyboard.PressAsync("Enter");
        Assert.Empty(dashboard.Silo.Orders);
        await page.Keyboard.PressAsync("Backspace");
        await page.Keyboard.TypeAsync("8");
        await Assertions.Expect(revoke).ToBeEnabledAsync();
        await TabToAsync(page, "[data-revoke]");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByTestId("act-state")).ToHaveTextAsync("8 of 8 revoked.");
        await Assertions.Expect(page.GetByTestId("act").GetByRole(AriaRole.Heading)).ToBeFocusedAsync();
        var order = Assert.Single(dashboard.Silo.Orders);
        Assert.Equal(("hall 3 burned down", 8), (order.Reason, order.Devices.Count));
        Assert.All(order.Devices, device => Assert.Equal("oslo", fleet.Devices[device.Id].Site));
        // It spreads, live, on the same page, and stays after a reload: nothing is sent twice.
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("0 of 16");
        fleet.Propagation = fleet.Propagation with { Acknowledged = 9 };
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("9 of 16");
        fleet.Propagation = fleet.Propagation with { Acknowledged = 16, Waiting = [] };
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("16 of 16");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByTestId("act-state")).ToHaveTextAsync("8 of 8 revoked.");
        Assert.Single(dashboard.Silo.Orders);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Tells_apart_who_is_revoked_already_and_who_is_not_ones_own()
    {
        var fleet = FakeFleet.Of(12, 3, calm: 1);
        var gone = fleet.Devices.Values.First(device => device.Site == "oslo");
        fleet.Devices[gone.Id] = FakeFleet.Redraw(gone with { Standing = "revoked" });
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations/new?q=site:oslo,bergen", "code-oslo");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByTestId("choice")).ToHaveTextAsync("3 can be revoked by you, 1 is revoked already, 4 are not yours to revoke.");
        await Assertions.Expect(page.Locator("tbody tr").First).ToContainTextAsync("would be revoked");
        await Assertions.Expect(page.GetByText("Needs operator for site bergen").First).ToBeVisibleAsync();
        await page.Locator("[data-next]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("plan-devices")).ToHaveTextAsync("3");
        await Assertions.Expect(page.GetByTestId("plan-left-out")).ToContainTextAsync("1 revoked already, 4 not yours");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_viewer_may_see_what_it_would_do_and_goes_no_further()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(12, 3, calm: 1));
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations/new?q=site:oslo", "code-viewer");
        await LiveAsync(page);
        await page.Locator("[data-next]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("plan-devices")).ToHaveTextAsync("4");
        await Assertions.Expect(page.Locator("[data-next]")).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByTestId("step-missing")).ToContainTextAsync("None of these devices is yours to revoke: it needs operator for site oslo.");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task One_device_is_confirmed_by_its_name_and_draws_who_loses_it()
    {
        var fleet = FakeFleet.Of(4, calm: 1, peers: 0);
        var all = fleet.Devices.Values.ToList();
        fleet.Judge(all[0], all[1]);
        fleet.Judge(all[0], all[2]);
        fleet.Judge(all[3], all[2]);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, $"/devices/{all[0].Id}");
        await LiveAsync(page);
        await page.Locator("[data-revoke-plan]").ClickAsync();
        await page.WaitForURLAsync("**/revocations/new?q=id:*");
        await Assertions.Expect(page.GetByTestId("choice")).ToContainTextAsync("1 can be revoked");
        await page.Locator("[data-next]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("plan-alone")).ToHaveTextAsync("1");
        await Assertions.Expect(page.GetByTestId("plan-promise")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator(".blast > svg")).ToHaveAttributeAsync("aria-label", "1 devices that go, 2 that lose their word: 1 lose their only examiners, 1 keep one, 0 fall below quorum.");
        await Assertions.Expect(page.Locator(".blast path.loss")).ToHaveCountAsync(2);
        await page.Locator("[data-next]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("expected")).ToHaveTextAsync(all[0].Name);
        await page.GetByLabel("Reason").FillAsync("stolen");
        await page.GetByLabel("Type").FillAsync("1");
        await Assertions.Expect(page.Locator("[data-revoke]")).ToBeDisabledAsync();
        await page.GetByLabel("Type").FillAsync(all[0].Name);
        await page.Locator("[data-revoke]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("act-state")).ToHaveTextAsync("1 of 1 revoked.");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_lost_answer_and_devices_that_were_not_reached_are_sent_again_as_the_same_act()
    {
        var fleet = FakeFleet.Of(12, 3, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.LosesAnswers = 1;
        dashboard.Silo.Unreached = 2;
        var (page, _) = await SignedInAsync(dashboard, "/revocations/new?q=site:oslo");
        await LiveAsync(page);
        await ConfirmAsync(page, "4");
        await page.Locator("[data-revoke]").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The silo does not answer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("act")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByTestId("act-state")).ToHaveTextAsync("4 of 4 revoked.");
        Assert.Single(dashboard.Silo.Orders.Select(order => order.Request).Distinct());
        Assert.Single(dashboard.Silo.Revoking);
    }

    [Fact]
    public async Task What_is_left_undone_says_so_and_is_sent_again()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(12, 3, calm: 1));
        dashboard.Silo.Unreached = 2;
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations/new?q=site:oslo");
        await LiveAsync(page);
        await ConfirmAsync(page, "4");
        await page.Locator("[data-revoke]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("act-state")).ToHaveTextAsync("2 of 4 revoked so far; 2 could not be reached.");
        await Assertions.Expect(page.Locator("tr[data-outcome=failed]")).ToHaveCountAsync(2);
        await page.Locator("[data-again]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("act-state")).ToHaveTextAsync("4 of 4 revoked.");
        Assert.Single(dashboard.Silo.Orders.Select(order => order.Request).Distinct());
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_second_person_finds_the_request_and_decides_and_whoever_asked_sees_it_live()
    {
        var fleet = FakeFleet.Of(12, 3, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.Rule = new(2, 24, 2);
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations/new?q=site:oslo");
        await LiveAsync(page);
        await ConfirmAsync(page, "4");
        await Assertions.Expect(page.GetByTestId("second")).ToContainTextAsync("A second person has to approve this");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask a second person to revoke 4 devices" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("act-state")).ToContainTextAsync("A second person has to approve it");
        await Assertions.Expect(page.Locator("[data-approve]")).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByTestId("approve-missing")).ToHaveTextAsync("You asked for it: somebody else has to approve it.");

        var second = await page.Context.Browser!.NewPageAsync(new() { Locale = "en-GB" });
        await second.GotoAsync(new Uri(dashboard.Address, "/sign-in?back=%2Frevocations").ToString());
        await second.GetByLabel("One-time code").FillAsync("code-approver");
        await second.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await LiveAsync(second);
        await Assertions.Expect(second.Locator("[data-request]")).ToContainTextAsync("Waits for a second person");
        await TabToAsync(second, "[aria-label='Decide about the request of olga, 4 devices']");
        await second.Keyboard.PressAsync("Enter");
        await second.GetByTestId("act").WaitForAsync();
        await TabToAsync(second, "[data-approve]");
        await second.Keyboard.PressAsync("Enter");
        var yes = second.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke for good" });
        await Assertions.Expect(yes).ToBeDisabledAsync();
        await second.Keyboard.TypeAsync("I looked at all four");
        await second.Keyboard.PressAsync("Tab");
        await second.Keyboard.TypeAsync("4");
        await TabToAsync(second, "dialog button[type=submit]");
        await second.Keyboard.PressAsync("Enter");
        await Assertions.Expect(second.GetByTestId("act-state")).ToHaveTextAsync("4 of 4 revoked.");

        await Assertions.Expect(page.GetByTestId("act-state")).ToHaveTextAsync("4 of 4 revoked.");
        await Assertions.Expect(page.GetByTestId("act")).ToContainTextAsync("I looked at all four");
        Assert.Equal(dashboard.Silo.Orders.Single().Digest, dashboard.Silo.Approvals.Single().Digest);
        await second.CloseAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Whoever_asked_takes_it_back_with_a_reason()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(12, 3, calm: 1));
        dashboard.Silo.Rule = new(2, 24, 2);
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations/new?q=site:oslo");
        await LiveAsync(page);
        await ConfirmAsync(page, "4");
        await page.Locator("[data-revoke]").ClickAsync();
        await page.Locator("[data-reject]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("found again");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("act-state")).ToHaveTextAsync("Nothing was revoked.");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task An_admin_sets_when_a_second_person_is_needed_and_others_see_what_holds()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(6, calm: 1));
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations", "code-admin");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByTestId("rule")).ToContainTextAsync("Not needed");
        await page.GetByLabel("Alone at most").FillAsync("5");
        await page.GetByLabel("Reason").FillAsync("two people for many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change the rule" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("rule")).ToContainTextAsync("at most 5 within 24 h");
        Assert.Equal(5, dashboard.Silo.Rule.MoreThan);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A44_Hostile_names_and_reasons_are_text_on_every_step()
    {
        var fleet = FakeFleet.Of(6, calm: 1);
        var evil = fleet.Add("<img src=x onerror=alert(1)>", "\u202eolso\u0007 \"<b>", "press");
        var other = fleet.Add("\u202e" + new string('a', 10_000), "oslo", "press");
        fleet.Judge(evil, other);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations/new");
        await LiveAsync(page);
        await page.Locator(Input).FillAsync("name:<*");
        await Assertions.Expect(page.GetByTestId("choice")).ToContainTextAsync("1 can be revoked");
        await page.Locator("[data-next]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("plan-alone")).ToHaveTextAsync("1");
        await page.Locator("[data-next]").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("<script>alert(1)</script>\u202e");
        await page.GetByLabel("Type").FillAsync("<img src=x onerror=alert(1)>");
        await page.Locator("[data-revoke]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("act")).ToContainTextAsync("<script>alert(1)</script>");
        await page.GotoAsync(new Uri(dashboard.Address, "/revocations").ToString());
        await LiveAsync(page);
        await Assertions.Expect(page.Locator("[data-request]")).ToContainTextAsync("<script>alert(1)</script>");
        Assert.Equal(0, await page.Locator("main img, main b, main script").CountAsync());
        await page.SetViewportSizeAsync(420, 860);
        Assert.Equal(0, await page.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.Empty(complaints);
    }

    [Fact]
    public void A_picture_has_three_hundred_devices_and_says_out_of_how_many()
    {
        var devices = Enumerable.Range(0, 500).Select(i => new PlannedDevice($"p{i}", $"p{i}", "oslo", "active", "trusted", "0123456789abcdef")).ToList();
        var hits = Enumerable.Range(0, 500).Select(i => new PlanHit($"h{i}", $"h{i}", "oslo", "trusted", "alone", 1, 0, 2, [$"p{i}"])).ToList();
        var picture = BlastPicture.Of(new("d", DateTimeOffset.UtcNow, true, devices, 0, [], 0, hits, 700, 0, 0, [], 3, 2, null));
        Assert.Equal((150, 150, 150, 700, 150 * BlastPicture.Row), (picture.Gone.Count, picture.Hits.Count, picture.Lines.Count, picture.Left, picture.Height));
        Assert.All(picture.Lines, line => Assert.Equal(line.From, line.To));
    }

    private static async Task ConfirmAsync(IPage page, string expected)
    {
        await page.Locator("[data-next]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("plan")).ToBeVisibleAsync();
        await page.Locator("[data-next]").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("stolen");
        await page.GetByLabel("Type").FillAsync(expected);
    }

    /// <summary>By the Tab key, as far as it takes.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 40; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) === true", selector))
                return;
        }
        Assert.Fail($"Tab does not lead to {selector}");
    }
}
