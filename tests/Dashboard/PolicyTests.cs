using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed class PolicyTests(Browser browser) : DashboardTests(browser)
{
    private const string Text = "#draft-text";

    [Fact]
    public async Task A_draft_is_tried_out_and_signed_and_a_value_is_learned_by_keyboard_alone()
    {
        var fleet = Fleet();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/policy", "code-admin");
        await LiveAsync(page);
        await WriteAsync(page.Locator(Text), "{ \"tiers\": [\"tpm-quote\"] }");
        await ReachAsync(page, "[data-draft-try]");
        await page.Keyboard.PressAsync("Enter");
        var done = page.GetByTestId("simulated");
        await Assertions.Expect(done.Locator("[role=status]")).ToHaveTextAsync("Would fail 2 devices that pass now, would pass 0 that fail now, 1 cannot be judged, 4 stay as they are.");
        await Assertions.Expect(done.Locator(".diff-removed")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("removed\\s*tiers: software"));
        await Assertions.Expect(done.GetByRole(AriaRole.Link, new() { Name = "Show them" })).ToHaveAttributeAsync("href", "/devices?q=tier%3Asoftware");
        Assert.Empty(dashboard.Silo.Policies);

        await ReachAsync(page, "[data-testid=simulated] .draft-bar button");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await WriteAsync(page.Locator("#sign-reason"), "no software any more");
        var sign = page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign" });
        await Assertions.Expect(sign).ToBeDisabledAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("2");
        await Assertions.Expect(sign).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Signed as version 5.")).ToBeVisibleAsync();
        var signed = Assert.Single(dashboard.Silo.Policies);
        Assert.Equal("no software any more", signed.Reason);
        Assert.Equal(["tpm-quote"], signed.Tiers!);
        await Assertions.Expect(page.Locator("#policy-title")).ToContainTextAsync("version 5");
        await Assertions.Expect(page.Locator(".versions tbody tr")).ToHaveCountAsync(2);

        // Taken back as any draft: tried out, then signed as a new version.
        await Assertions.Expect(page.Locator("[data-take]")).ToHaveCountAsync(1);
        await ReachAsync(page, "[data-take='4']");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Version 4 is in the draft.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(Text)).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(Text)).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("\"software\""));
        await ReachAsync(page, "[data-draft-try]");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(done.Locator(".diff-added")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("added\\s*tiers: software"));
        await ReachAsync(page, "[data-testid=simulated] .draft-bar button");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#sign-reason")).ToHaveValueAsync("back to version 4");
        await Assertions.Expect(sign).ToBeEnabledAsync();
        await page.Locator("#sign-reason").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Signed as version 6.")).ToBeVisibleAsync();
        Assert.Equal(("back to version 4", 2), (dashboard.Silo.Policies.Last().Reason, dashboard.Silo.Policies.Last().Tiers!.Count(tier => tier is "software" or "tpm-quote")));

        // What is learned besides files is what is ticked; choosing an outlier ticks its register.
        await page.Locator("tr").Filter(new() { HasText = "PCR 7" }).GetByRole(AriaRole.Button, new() { Name = "Choose to learn from" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("PCR 7: Secure Boot")).ToBeCheckedAsync();
        await page.GetByLabel("PCR 0: firmware code").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Learn and sign" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Learned and signed.")).ToBeVisibleAsync();
        Assert.Equal([0, 7], Assert.Single(dashboard.Silo.Learned).Pcrs!);
        // What nobody learned yet: chosen is looked at first, and learned only then.
        var (odd, before) = (fleet.Outliers()[0], dashboard.Silo.Learned.Count);
        await ReachAsync(page, $"[aria-label='Choose to learn from {odd.DeviceName}']");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText($"{odd.DeviceName} is chosen. Look at all it measured first")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#learn-device")).ToHaveValueAsync(odd.Device);
        Assert.Equal(before, dashboard.Silo.Learned.Count);
        for (var presses = 0; presses < 60 && !await page.Locator("#learn-device").EvaluateAsync<bool>("select => select === document.activeElement"); presses++)
            await page.Keyboard.PressAsync("Shift+Tab");
        await ReachAsync(page, "form:has(#learn-device) button[type=submit]");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Learned and signed.")).ToBeVisibleAsync();
        Assert.Equal((before + 1, odd.Device), (dashboard.Silo.Learned.Count, dashboard.Silo.Learned.Last().Device));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Each_device_and_why_is_listed_and_a_draft_that_is_changed_has_to_be_tried_again()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Fleet());
        var (page, complaints) = await SignedInAsync(dashboard, "/policy", "code-operator");
        await LiveAsync(page);
        await page.Locator(Text).FillAsync("""{ "tiers": ["tpm-quote"], "mayChange": ["/app/*"] }""");
        await page.Locator("[data-draft-try]").ClickAsync();
        var done = page.GetByTestId("simulated");
        await done.Locator("summary").ClickAsync();
        await Assertions.Expect(done.Locator("tbody tr").Filter(new() { HasText = "soft-1" })).ToContainTextAsync("would fail");
        await Assertions.Expect(done.Locator("tbody tr").Filter(new() { HasText = "bad-1" })).ToContainTextAsync("would pass");
        await Assertions.Expect(done.Locator("tbody tr").Filter(new() { HasText = "silent-1" })).ToContainTextAsync("no evidence is kept of it");
        // Trying is an operator's, signing an admin's.
        await Assertions.Expect(done.GetByRole(AriaRole.Button, new() { Name = "Sign version 5…" })).ToBeDisabledAsync();
        await page.Locator(Text).FillAsync("""{ "lifetimeSeconds": 1 }""");
        await Assertions.Expect(done).ToHaveCountAsync(0);
        await page.Locator("[data-draft-try]").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("lifetimeSeconds must be 2 to 604800.");
        await Assertions.Expect(page.Locator(Text)).ToHaveValueAsync("""{ "lifetimeSeconds": 1 }""");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task What_is_no_draft_is_said_a_file_is_read_and_the_policy_in_force_is_a_start()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Fleet());
        var (page, complaints) = await SignedInAsync(dashboard, "/policy", "code-operator");
        await LiveAsync(page);
        foreach (var (text, says) in new[] { ("{ \"tier\": [] }", "Line 1: this is no draft"), ("{\n\"tiers\": 5 }", "Line 2: this is no draft"), ("null", "A draft is a JSON object."), ("{}", "The draft changes nothing."), ("<script>", "Line 1") })
        {
            await page.Locator(Text).FillAsync(text);
            await Assertions.Expect(page.Locator("#draft-wrong")).ToContainTextAsync(says);
            await Assertions.Expect(page.Locator("[data-draft-try]")).ToBeDisabledAsync();
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin with the policy in force" }).ClickAsync();
        await Assertions.Expect(page.Locator(Text)).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("\"lifetimeSeconds\": 600"));
        await Assertions.Expect(page.Locator("#draft-wrong")).ToHaveCountAsync(0);
        await page.Locator("#draft-file").SetInputFilesAsync(new FilePayload { Name = "draft.json", MimeType = "application/json", Buffer = "{ \"tiers\": [\"tpm-quote\"] }"u8.ToArray() });
        await Assertions.Expect(page.Locator(Text)).ToHaveValueAsync("{ \"tiers\": [\"tpm-quote\"] }");
        await page.Locator("#draft-file").SetInputFilesAsync(new FilePayload { Name = "big.json", MimeType = "application/json", Buffer = new byte[40_000] });
        await Assertions.Expect(page.Locator("#draft-wrong")).ToContainTextAsync("at most 16,384 characters");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Who_signs_over_another_policy_than_they_tried_is_told_and_a_viewer_may_not_try()
    {
        var fleet = Fleet();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/policy", "code-admin");
        await LiveAsync(page);
        await page.Locator(Text).FillAsync("""{ "mayChange": ["/app/*"] }""");
        await page.Locator("[data-draft-try]").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign version 5…" }).ClickAsync();
        dashboard.Silo.Earlier[4] = (fleet.Policy, "olga", null);
        fleet.Policy = fleet.Policy with { Version = 6 };
        await page.Locator("#sign-reason").FillAsync("why");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("Policy 6 is in force meanwhile");
        Assert.Empty(dashboard.Silo.Policies);

        (page, _) = await SignedInAsync(dashboard, "/policy", "code-viewer");
        await LiveAsync(page);
        await page.Locator(Text).FillAsync("""{ "mayChange": ["/app/*"] }""");
        await Assertions.Expect(page.Locator("[data-draft-try]")).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByText("Needs operator; you are signed in as viewer.").First).ToBeVisibleAsync();
        foreach (var name in new[] { "Learn and sign", "Choose to learn from" })
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = name }).First).ToBeDisabledAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = name }).First).ToHaveAttributeAsync("title", "Needs admin for the whole mesh; you are signed in as viewer.");
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A44_Every_state_is_clean_to_axe_and_hostile_texts_are_text(ColorScheme scheme)
    {
        var fleet = Fleet();
        fleet.Add("<img src=x onerror=alert(1)>", "\u202e<b>oslo", "press", tier: "software");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.Earlier[3] = (fleet.Policy with { Version = 3, MayChange = ["<script>alert(1)</script>\u202e*"], Tiers = ["software"] }, "<b>olga", "because\u202e <i>of</i> " + new string('w', 180));
        var (page, complaints) = await SignedInAsync(dashboard, "/policy", "code-admin", scheme);
        await LiveAsync(page);
        await EnrolmentTests.LookAsync(page, $"policy-draft-{scheme}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Assertions.Expect(page.GetByText("From version 3 to version 4")).ToBeVisibleAsync();
        await page.Locator(Text).FillAsync("""{ "tiers": ["tpm-quote"], "mayChange": ["/app/*"] }""");
        await page.Locator("[data-draft-try]").ClickAsync();
        await page.GetByTestId("simulated").Locator("summary").ClickAsync();
        await EnrolmentTests.LookAsync(page, $"policy-simulated-{scheme}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign version 5…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await EnrolmentTests.LookAsync(page, $"policy-sign-{scheme}");
        Assert.Equal(0, await page.Locator("main img, main b, main i, main script").CountAsync());
        Assert.Empty(complaints);
    }

    private static FakeFleet Fleet()
    {
        var fleet = new FakeFleet();
        foreach (var (name, status, tier) in new[] { ("soft-1", "affirming", "software"), ("soft-2", "warning", "software"), ("good-1", "affirming", "tpm-quote"), ("good-2", "affirming", "tpm-quote"), ("good-3", "affirming", "tpm-quote"), ("bad-1", "contraindicated", "tpm-quote"), ("silent-1", "none", "tpm-quote") })
            fleet.Add(name, "oslo", "press", status: status, fresh: status != "none", tier: tier);
        return fleet;
    }
}
