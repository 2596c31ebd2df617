using Microsoft.Playwright;

namespace TrustMesh.Tests.Dashboard;

public sealed class RuleTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task A_rule_is_tried_out_and_set_by_keyboard_alone()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Fleet());
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-approver");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByText("There is no rule: nobody is let in")).ToBeVisibleAsync();
        await WriteAsync(page.Locator("#rule-name"), "oslo-tpm");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("site:oslo");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("a delivery");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        var tried = page.GetByTestId("rule-tried");
        await Assertions.Expect(tried).ToContainTextAsync("2 of 4 that wait would be let in.");
        Assert.Empty(dashboard.Silo.Rules);
        await tried.Locator("summary").First.ClickAsync();
        await Assertions.Expect(tried.Locator("tbody tr").Filter(new() { HasText = "new-2" })).ToContainTextAsync("this is a software key");
        await Assertions.Expect(tried.GetByRole(AriaRole.Link, new() { Name = "Show those of the queue that the query finds" })).ToHaveAttributeAsync("href", "/enrolment?q=site%3Aoslo");
        await page.Locator("#rule-name").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Rule oslo-tpm is set.")).ToBeVisibleAsync();
        var rule = Assert.Single(dashboard.Silo.Rules);
        Assert.Equal(("oslo-tpm", "site:oslo", true), (rule.Name, rule.Query, rule.Verified));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_rule_is_edited_in_its_place_and_removed_after_a_question()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Fleet());
        dashboard.Silo.Rules.Add(new("first", "site:oslo", true, 1, "anna", DateTimeOffset.UtcNow));
        dashboard.Silo.Rules.Add(new("second", "tier:software", false, 2, "anna", DateTimeOffset.UtcNow));
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-approver");
        await LiveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit rule first" }).ClickAsync();
        await Assertions.Expect(page.Locator("#rule-query")).ToHaveValueAsync("site:oslo");
        await page.Locator("#rule-query").FillAsync("site:oslo,riga");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set rule" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Rule first is set.")).ToBeVisibleAsync();
        Assert.Equal(["first site:oslo,riga", "second tier:software"], dashboard.Silo.Rules.Select(rule => $"{rule.Name} {rule.Query}"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove rule second" }).ClickAsync();
        Assert.Equal(2, dashboard.Silo.Rules.Count);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Rule second is removed.")).ToBeVisibleAsync();
        Assert.Single(dashboard.Silo.Rules);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task What_is_no_query_and_what_the_silo_refuses_is_said_and_a_viewer_is_told_why_not()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Fleet());
        var (page, _) = await SignedInAsync(dashboard, "/enrolment", "code-approver");
        await LiveAsync(page);
        await page.Locator("#rule-name").FillAsync("rule");
        await page.Locator("#rule-query").FillAsync("sit:oslo");
        await Assertions.Expect(page.Locator("#rule-wrong")).ToContainTextAsync("did you mean \"site\"?");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Set rule" })).ToBeDisabledAsync();
        await page.Locator("#rule-query").FillAsync("age>1h");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set rule" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nothing is known of \"age\"");
        await Assertions.Expect(page.Locator("#rule-query")).ToHaveValueAsync("age>1h");

        (page, _) = await SignedInAsync(dashboard, "/enrolment", "code-viewer");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Set rule" })).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByText("Needs approver for the whole mesh; you are signed in as viewer.").First).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A44_Every_state_is_clean_to_axe_and_hostile_texts_are_text(ColorScheme scheme)
    {
        var fleet = Fleet();
        fleet.Add("<img src=x onerror=alert(1)>", "oslo", "\u202e<b>press", standing: "pending", status: "none");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.Rules.Add(new("lab-tpm", "site:oslo,bergen tier:tpm-quote", true, 3, "<b>anna\u202e", DateTimeOffset.UtcNow.AddDays(-2)));
        dashboard.Silo.Rules.Add(new("evil", "name:\"<script>alert(1)</script>\"", false, 4, "anna", DateTimeOffset.UtcNow.AddHours(-2)));
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-admin", scheme);
        await LiveAsync(page);
        await page.Locator("#rule-name").FillAsync("new");
        await page.Locator("#rule-query").FillAsync("site:oslo");
        await page.Locator("[data-rule-try]").ClickAsync();
        await page.GetByTestId("rule-tried").WaitForAsync();
        foreach (var summary in await page.GetByTestId("rule-tried").Locator("summary").AllAsync())
            await summary.ClickAsync();
        await EnrolmentTests.LookAsync(page, $"rules-{scheme}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove rule evil" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await EnrolmentTests.LookAsync(page, $"rules-remove-{scheme}");
        Assert.Equal(0, await page.Locator("main img, main b, main script").CountAsync());
        Assert.Empty(complaints);
    }

    private static FakeFleet Fleet()
    {
        var fleet = FakeFleet.Of(6, 2, calm: 1);
        foreach (var (name, site, tier) in new[] { ("new-1", "oslo", "tpm-quote"), ("new-2", "oslo", "software"), ("new-3", "oslo", "tpm-quote"), ("new-4", "bergen", "tpm-quote") })
            fleet.Add(name, site, "press", standing: "pending", status: "none", tier: tier);
        return fleet;
    }
}
