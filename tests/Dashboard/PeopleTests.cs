using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Settings: people and their rights, sessions, about; and what a right at one site looks like elsewhere.</summary>
public sealed class PeopleTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task A_right_at_one_site_opens_the_buttons_of_its_devices_and_the_others_say_what_is_missing()
    {
        var fleet = FakeFleet.Of(2, calm: 1);
        fleet.Add("mine", "oslo", "press", standing: "pending", status: "none");
        fleet.Add("theirs", "bergen", "press", standing: "pending", status: "none");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-oslo");
        await LiveAsync(page);

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Approve mine" })).ToBeEnabledAsync();
        var theirs = page.GetByRole(AriaRole.Button, new() { Name = "Approve theirs" });
        await Assertions.Expect(theirs).ToBeDisabledAsync();
        await Assertions.Expect(theirs).ToHaveAttributeAsync("title", "Needs approver for site bergen; you are signed in as viewer, approver at oslo.");
        await Assertions.Expect(page.GetByText("Needs approver for site bergen")).ToBeVisibleAsync();
        // A token for the whole mesh is not theirs to make; one for their site is.
        var make = page.GetByRole(AriaRole.Button, new() { Name = "Make a token" });
        await Assertions.Expect(make).ToBeDisabledAsync();
        await page.GetByLabel("Site (optional)").FillAsync("oslo");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(make).ToBeEnabledAsync();

        // The same in one table: what grants come to at each place, and why. What others may do is not theirs to see.
        await FollowAsync(page, "/settings?tab=sites");
        var rights = page.GetByRole(AriaRole.Region, new() { Name = "Rights" }).Locator("tbody tr");
        await Assertions.Expect(rights).ToContainTextAsync(["the whole mesh viewer", "bergen viewer look viewer of the whole mesh", "oslo approver what an operator may, and let devices in or turn them away approver at oslo"]);
        await Assertions.Expect(page.GetByLabel("Who", new() { Exact = true })).ToHaveCountAsync(0);
        await page.GetByLabel("Where", new() { Exact = true }).SelectOptionAsync("oslo");
        await page.WaitForURLAsync("**/settings?tab=sites&site=oslo");
        await Assertions.Expect(rights).ToHaveCountAsync(1);
        Assert.DoesNotContain(dashboard.Silo.Requests, path => path.Contains("/operators", StringComparison.Ordinal) || path.Contains("/api-tokens", StringComparison.Ordinal));
        await FollowAsync(page, "/settings?tab=upkeep");
        await Assertions.Expect(page.Locator("#panel")).ToContainTextAsync("Needs admin for the whole mesh");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task An_admin_invites_somebody_and_the_code_is_shown_once()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var (page, complaints) = await SignedInAsync(dashboard, "/settings?tab=people", "code-admin");
        await LiveAsync(page);

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("nora");
        await page.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync("approver");
        await page.GetByLabel("Sites (none: all)").FillAsync("oslo, bergen");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByTestId("made-code")).ToContainTextAsync("tmc_");
        Assert.Contains(dashboard.Silo.People, one => one.Name == "nora" && one.Grants[0].Sites!.SequenceEqual(["oslo", "bergen"]));
        await page.GetByRole(AriaRole.Button, new() { Name = "I have it" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("made-code")).ToHaveCountAsync(0);
        Assert.DoesNotContain("tmc_", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("tmc_", dashboard.Log.Text, StringComparison.Ordinal);

        // What she may do where now, and who else there: the address has who and where.
        await FollowAsync(page, "/settings?tab=sites");
        var rights = page.GetByRole(AriaRole.Region, new() { Name = "Rights" }).Locator("tbody tr");
        await Assertions.Expect(rights.Filter(new() { HasText = "ada" })).ToContainTextAsync("admin everything");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("^vera ") })).ToContainTextAsync("none now disabled");
        await Assertions.Expect(rights.Filter(new() { HasText = "mesh-operators" })).ToContainTextAsync("group");
        await page.GetByLabel("Who", new() { Exact = true }).SelectOptionAsync("nora");
        await page.WaitForURLAsync("**/settings?tab=sites&who=nora");
        await Assertions.Expect(rights).ToContainTextAsync(["the whole mesh viewer look", "bergen approver", "oslo approver what an operator may, and let devices in or turn them away approver at oslo, bergen"]);
        await rights.Filter(new() { HasText = "at oslo, bergen" }).Last.GetByRole(AriaRole.Link).PressAsync("Enter");
        await page.WaitForURLAsync("**/settings?tab=sites&site=oslo");
        await Assertions.Expect(rights.Filter(new() { HasText = "olga" })).ToContainTextAsync("operator of the whole mesh");
        await Assertions.Expect(rights.Filter(new() { HasText = "<b>oslo</b>" })).ToContainTextAsync("approver at oslo");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "3 approvers, 3 operators may act at oslo" })).ToHaveCountAsync(1);
        await FollowAsync(page, "/settings?tab=upkeep");
        var dated = page.GetByRole(AriaRole.Region, new() { Name = "Certificates and what is signed" }).Locator("tbody tr");
        await Assertions.Expect(dated.Filter(new() { HasText = "For operators" })).ToContainTextAsync("expires soon");
        await Assertions.Expect(dated.Filter(new() { HasText = "Status list" }).Locator(".validity")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#panel")).ToContainTextAsync("it does not know when the last one was");
        Assert.Equal(0, await page.Locator("main b, main img").CountAsync());
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Rights_are_changed_with_a_reason_by_keyboard_alone()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var (page, complaints) = await SignedInAsync(dashboard, "/settings?tab=people", "code-admin");
        await LiveAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Change the rights of olga" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Approver: also lets in").SelectOptionAsync("sites");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Change rights" })).ToBeDisabledAsync();
        await dialog.GetByLabel("Sites where approver holds").FillAsync("turku");
        await dialog.GetByLabel("Reason").FillAsync("covers the night shift");
        // What cannot be pressed yet is no stop of the way.
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Change rights" })).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByText("olga is viewer, operator, approver at turku from now on.")).ToBeVisibleAsync();
        Assert.Contains(("olga", "rights", "covers the night shift"), dashboard.Silo.Acts);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task What_the_silo_refuses_is_said_in_the_dialog_and_nothing_is_lost()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var (page, _) = await SignedInAsync(dashboard, "/settings?tab=people", "code-admin");
        await LiveAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Disable ada" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("testing the lock");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Disable", Exact = true }).ClickAsync();

        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("last admin");
        await Assertions.Expect(dialog.GetByLabel("Reason")).ToHaveValueAsync("testing the lock");
    }

    [Fact]
    public async Task An_admin_ends_a_session_and_its_pages_go_to_the_sign_in_page()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var (page, _) = await SignedInAsync(dashboard, "/settings?tab=people", "code-admin");
        await LiveAsync(page);
        using var olga = new HttpClient { BaseAddress = dashboard.Silo.Address };
        using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(olga, "/api/v1/session", new SignIn("code-operator"));
        await page.ReloadAsync();

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("End session .* of olga") }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("End session .* of olga") })).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("code-viewer")]
    [InlineData("code-operator")]
    public async Task Who_is_no_admin_sees_only_their_own_sign_in(string code)
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var (page, complaints) = await SignedInAsync(dashboard, "/settings?tab=people", code);

        await Assertions.Expect(page.GetByText("People and their rights are an admin's matter.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "My sign-in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "My sessions", Exact = true })).ToContainTextAsync("this one");
        await page.GetByRole(AriaRole.Tab, new() { Name = "About" }).ClickAsync();
        await page.GetByText("sigma 3.").ClickAsync();
        await Assertions.Expect(page.Locator("details[open]").GetByText("Permission is hereby granted").First).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }
}
