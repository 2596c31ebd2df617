using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed class EnrolmentTests(Browser browser) : DashboardTests(browser)
{
    private const string Input = "[data-query-input]";

    [Fact]
    public async Task Those_a_query_finds_are_approved_at_once_by_keyboard_alone()
    {
        var fleet = Waiting();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-approver");
        await LiveAsync(page);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("site:oslo");
        await Assertions.Expect(page.Locator(".page-note")).ToHaveTextAsync("3 of 5 waiting");
        await page.WaitForURLAsync("**/enrolment?q=site:oslo");
        await ReachAsync(page, "[data-queue-all]");
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator(".queue-count")).ToHaveTextAsync("3 selected");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("bulk-tried")).ToHaveTextAsync("3 of 3 would be approved.");
        await WriteAsync(page.Locator("#bulk-reason"), "hall 3");
        await ReachAsync(page, "dialog button[type=submit]");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByTestId("decided")).ToContainTextAsync("3 of 3 approved.");
        await Assertions.Expect(page.Locator(".page-note")).ToHaveTextAsync("0 of 2 waiting");
        var sent = Assert.Single(dashboard.Silo.Bulks);
        Assert.Equal(("approve", "hall 3", 3), (sent.Act, sent.Reason, sent.Devices!.Count));
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear the query" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr [aria-label^='Select ']")).ToHaveCountAsync(2);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Ticked_devices_are_rejected_with_a_reason_and_their_number()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Waiting());
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-approver");
        await LiveAsync(page);
        await page.GetByLabel("Select new-1").CheckAsync();
        await page.GetByLabel("Select new-4").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reject selected…" }).ClickAsync();
        var act = page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Reject 2" });
        await Assertions.Expect(act).ToBeDisabledAsync();
        await page.Locator("#bulk-reason").FillAsync("nobody ordered them");
        await Assertions.Expect(act).ToBeDisabledAsync();
        await page.GetByLabel("Type how many, 2, to confirm").FillAsync("2");
        await act.ClickAsync();
        await Assertions.Expect(page.GetByTestId("decided")).ToContainTextAsync("2 of 2 rejected.");
        Assert.Equal(2, dashboard.Silo.Fleet.Devices.Values.Count(device => device.Standing == "revoked"));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task What_changed_meanwhile_is_told_and_left_alone()
    {
        var fleet = Waiting();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-approver");
        await LiveAsync(page);
        await page.Locator("[data-queue-all]").CheckAsync();
        await page.Locator("[data-queue-approve]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("bulk-tried")).ToHaveTextAsync("5 of 5 would be approved.");
        var changed = fleet.Devices.Values.Single(device => device.Name == "new-2");
        dashboard.Silo.Change(changed with { Version = 9 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve 5" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("decided")).ToContainTextAsync("4 of 5 approved. These were left alone:");
        await Assertions.Expect(page.GetByTestId("decided").Locator("li")).ToContainTextAsync(["new-2 changed meanwhile"]);
        await Assertions.Expect(page.GetByLabel("Select new-2")).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Only_devices_of_ones_own_sites_can_be_selected()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Waiting());
        var (page, _) = await SignedInAsync(dashboard, "/enrolment", "code-oslo");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByLabel("Select new-4")).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByLabel("Select new-4")).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex("Needs approver for site bergen"));
        await page.Locator("[data-queue-all]").CheckAsync();
        await Assertions.Expect(page.Locator(".queue-count")).ToHaveTextAsync("3 selected");
    }

    [Fact]
    public async Task The_hardware_of_a_device_shows_its_chain_and_who_it_was_before()
    {
        var fleet = Waiting();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var known = fleet.Devices.Values.Single(device => device.Name == "new-1");
        dashboard.Silo.Known[known.Id] = ("press-77", "revoked");
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-approver");
        await LiveAsync(page);
        var open = page.GetByRole(AriaRole.Button, new() { Name = "Hardware of new-1" });
        await open.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(open).ToHaveAttributeAsync("aria-expanded", "true");
        await Assertions.Expect(page.Locator(".seen li")).ToContainTextAsync(["same attestation key"]);
        await Assertions.Expect(page.Locator(".seen li")).ToContainTextAsync(["revoked"]);
        var chain = page.GetByRole(AriaRole.Region, new() { Name = "Certificates of its TPM" }).Locator("tbody tr");
        await Assertions.Expect(chain).ToHaveCountAsync(2);
        await Assertions.Expect(chain.First).ToContainTextAsync("Infineon");
        // What it proved, and what an approval would make of it; who fails is told apart before and after.
        await Assertions.Expect(page.GetByTestId("proof")).ToContainTextAsync("Would be trusted by policy version 4");
        await Assertions.Expect(page.GetByTestId("proof-counts")).ToContainTextAsync("14 files as known good; 1 register as known good against reference values version 2 of model press");
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "new-3" })).ToContainTextAsync("Proof fails");
        await open.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Hardware of new-3" }).PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("proof")).ToContainTextAsync("Would be contraindicated");
        await Assertions.Expect(page.GetByTestId("proof-counts")).ToContainTextAsync("11 files as known good, 1 different, 2 unknown; 0 registers as known good, 1 different, 2 unknown");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "What is not as known" }).Locator("tbody tr").First).ToContainTextAsync("/app/press.conf");
        await Assertions.Expect(page.Locator(".hardware")).ToContainTextAsync("TPM firmware: expected a version without known leaks");
        // It proves itself again meanwhile, and the page with it.
        dashboard.Silo.Change(fleet.Devices.Values.Single(device => device.Name == "new-3") with { Status = "affirming" });
        await Assertions.Expect(page.GetByTestId("proof")).ToContainTextAsync("Would be trusted by");
        // Whoever approves all of them is told first.
        await page.Locator("[data-queue-all]").CheckAsync();
        await page.Locator("[data-queue-approve]").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("1 of them needs a look first:");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Empty(dashboard.Silo.Bulks);
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A44_Every_state_is_clean_to_axe_and_hostile_names_are_text(ColorScheme scheme)
    {
        var fleet = Waiting();
        var hostile = fleet.Add("<img src=x onerror=alert(1)>" + new string('a', 400), "\u202eolso<b>", "press", standing: "pending", status: "contraindicated");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.Known[hostile.Id] = ("<script>alert(1)</script>\u202e", "revoked");
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment", "code-admin", scheme);
        await LiveAsync(page);
        await LookAsync(page, $"enrolment-queue-{scheme}");
        foreach (var button in await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Hardware of ") }).AllAsync())
            await button.ClickAsync();
        await Assertions.Expect(page.Locator(".hardware")).ToHaveCountAsync(6);
        await LookAsync(page, $"enrolment-hardware-{scheme}");
        await page.Locator("[data-queue-all]").CheckAsync();
        await page.Locator("[data-queue-reject]").ClickAsync();
        await page.GetByTestId("bulk-tried").WaitForAsync();
        await LookAsync(page, $"enrolment-reject-{scheme}");
        await page.Locator("#bulk-reason").FillAsync("<b>why</b>");
        await page.GetByLabel("Type how many").FillAsync("6");
        dashboard.Silo.Change(hostile with { Version = 9 });
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Reject 6" }).ClickAsync();
        await page.GetByTestId("decided").WaitForAsync();
        await LookAsync(page, $"enrolment-decided-{scheme}");
        await page.SetViewportSizeAsync(420, 860);
        await LookAsync(page, $"enrolment-narrow-{scheme}");
        Assert.InRange(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, 420);
        Assert.Equal(0, await page.Locator("main img, main b, main script").CountAsync());
        Assert.Empty(complaints);
    }

    private static FakeFleet Waiting()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        string[] proven = ["affirming", "none", "contraindicated", "none", "warning"];
        foreach (var (name, site, tier) in new[] { ("new-1", "oslo", "tpm-quote"), ("new-2", "oslo", "software"), ("new-3", "oslo", "tpm-quote"), ("new-4", "bergen", "hardware-key"), ("new-5", "bergen", "tpm-quote") })
            fleet.Add(name, site, name == "new-5" ? "robot-arm" : "press", standing: "pending", status: proven[name[^1] - '1'], tier: tier);
        return fleet;
    }

    internal static async Task LookAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } });
        Assert.NotEmpty(result.Passes);
        Assert.Empty(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{name}: {violation.Id}: {node.Html} {string.Join("; ", node.Any.Select(check => check.Message))}")));
    }
}
