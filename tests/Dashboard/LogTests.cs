using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Trust.Log;

namespace TrustMesh.Tests.Dashboard;

public sealed class LogTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task The_log_shows_its_checkpoint_and_what_is_appended_while_one_looks()
    {
        var fleet = FakeFleet.Of(8, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/log");
        await Assertions.Expect(page.GetByTestId("size")).ToHaveTextAsync("6");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Checkpoints", Exact = true })).ToContainTextAsync("/log/0");
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Entries", Exact = true }).Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(6);
        await LiveAsync(page);

        dashboard.Silo.Say("revocation", "status list 8: <b>camera-3</b> revoked");

        await Assertions.Expect(page.GetByTestId("size")).ToHaveTextAsync("7");
        await Assertions.Expect(rows.First).ToContainTextAsync("status list 8: <b>camera-3</b> revoked");
        await Assertions.Expect(rows.First).ToContainTextAsync("the mesh");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A44_What_is_asked_for_is_in_the_address_and_in_the_command_and_a_quote_in_it_does_nothing()
    {
        var fleet = FakeFleet.Of(8, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        for (var i = 0; i < 150; i++) dashboard.Silo.Say("policy", $"policy {i} in force");
        dashboard.Silo.Say("operator", "it's <b>=1+1</b>");
        var (page, complaints) = await SignedInAsync(dashboard, "/log");
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Entries", Exact = true }).Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(100);
        await page.GetByRole(AriaRole.Button, new() { Name = "Older entries" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(157);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Older entries" })).ToHaveCountAsync(0);

        // Who reads further back is not moved by what comes.
        dashboard.Silo.Say("policy", "policy 150 in force");
        await Assertions.Expect(page.GetByText("New entries came.")).ToBeVisibleAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(157);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the newest" }).ClickAsync();
        await Assertions.Expect(rows.First).ToContainTextAsync("policy 150 in force");

        await page.GetByLabel("Text or name").FillAsync("it's");
        await page.GetByLabel("What").SelectOptionAsync("operator");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find", Exact = true }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        Assert.Equal("?kind=operator&text=it%27s", new Uri(page.Url).Query);
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Entries, newest first", Exact = true }).GetByText("trustmesh log show --kind operator --text 'it'\\''s'")).ToBeVisibleAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());
        Assert.Matches("^\"log\",\"index\",\"at\".*\r\n\"0\",\"[0-9]+\",\".*\",\"operator\",\"\",\"\",\"it's <b>=1\\+1</b>\",", await File.ReadAllTextAsync(await file.PathAsync()));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task The_browser_hashes_the_log_itself_and_notices_an_entry_that_was_changed_and_a_log_that_was_cut()
    {
        await using var silo = await RunningSilo.StartAsync();
        await silo.Silo.Place.Log.AppendAsync([.. Enumerable.Range(0, 700).Select(i => LogBench.Mesh($"line {i} of many"))], default);
        var code = (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("auditor", "viewer"))).Code;
        await using var dashboard = await RunningDashboard.BesideAsync(silo);
        var (page, complaints) = await SignedInAsync(dashboard, "/log", code);
        var verdict = page.Locator(".log-verdict");
        var found = page.Locator(".log-outcomes");
        await ReachAsync(page, "tm-log-check button");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(verdict).ToHaveTextAsync("Verified: the log is whole.");
        var size = (await silo.GetAsync<IReadOnlyList<LogView>>("log"))[0].Size;
        await Assertions.Expect(found).ToContainTextAsync($"test-mesh/log/0: {size} entries, each hashed here, are what the authority signed");
        await Assertions.Expect(found).ToContainTextAsync("for the first time");

        // It has grown, past what was kept: its first entries are compared, in the middle of a tile and at its end.
        foreach (var more in new[] { (int)(768 - size), 1, 300 })
        {
            await silo.Silo.Place.Log.AppendAsync([.. Enumerable.Range(0, more).Select(i => LogBench.Mesh($"more {i}"))], default);
            await VerifyAsync(page);
            await Assertions.Expect(verdict).ToHaveTextAsync("Verified: the log is whole.");
            await Assertions.Expect(found).ToContainTextAsync($"the first {size:N0} are those of");
            size = (await silo.GetAsync<IReadOnlyList<LogView>>("log"))[0].Size;
        }

        // As somebody with the database could, or a silo that lies to this browser.
        await page.RouteAsync("**/feed/log/0/tile/entries/001", async route =>
        {
            var answer = await route.FetchAsync();
            var bytes = await answer.BodyAsync();
            bytes[bytes.AsSpan().IndexOf("line 300"u8)] ^= 1;
            await route.FulfillAsync(new() { Response = answer, BodyBytes = bytes });
        });
        await VerifyAsync(page);
        await Assertions.Expect(verdict).ToHaveTextAsync("The log is NOT whole.");
        await Assertions.Expect(found).ToContainTextAsync("are not those this browser saw");
        await page.EvaluateAsync("() => localStorage.removeItem('trustmesh.log')");
        await VerifyAsync(page);
        await Assertions.Expect(found).ToContainTextAsync("its entries are not those that were signed");
        await page.UnrouteAllAsync();

        // What was kept is more than there is, of another past, or of another authority.
        foreach (var (change, says) in new[]
        {
            ("kept.logs['test-mesh/log/0'].size += 5000", "and this browser saw"),
            ("kept.logs['test-mesh/log/0'].root = btoa('x'.repeat(32))", "are not those this browser saw"),
            ("kept.logs['test-mesh/log/1'] = kept.logs['test-mesh/log/0']", "the silo does not have it"),
            ("kept.authority = '00'", "and this browser knows 00"),
        })
        {
            await page.EvaluateAsync("() => localStorage.removeItem('trustmesh.log')");
            await VerifyAsync(page);
            await Assertions.Expect(verdict).ToHaveTextAsync("Verified: the log is whole.");
            await page.EvaluateAsync($"() => {{ const kept = JSON.parse(localStorage.getItem('trustmesh.log')); {change}; localStorage.setItem('trustmesh.log', JSON.stringify(kept)); }}");
            await VerifyAsync(page);
            await Assertions.Expect(verdict).ToHaveTextAsync("The log is NOT whole.");
            await Assertions.Expect(found).ToContainTextAsync(says);
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Forget what this browser kept" }).ClickAsync();
        await Assertions.Expect(verdict).ToHaveTextAsync("Forgotten. What is verified next is believed.");

        // A checkpoint somebody else signed, or that says something else than what was signed.
        await page.RouteAsync("**/feed/log/0/checkpoint", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = (await answer.TextAsync()).Replace($"\n{size}\n", $"\n{size - 1}\n", StringComparison.Ordinal) });
        });
        await VerifyAsync(page);
        await Assertions.Expect(verdict).ToHaveTextAsync("The log is NOT whole.");
        await Assertions.Expect(found).ToContainTextAsync("a signature the mesh's authority did not make");
        Assert.Empty(complaints);
    }

    private static async Task VerifyAsync(IPage page)
    {
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Verify in this browser" });
        await button.ClickAsync();
        await Assertions.Expect(page.Locator(".log-verdict")).Not.ToContainTextAsync("Reading");
        await Assertions.Expect(button).ToBeEnabledAsync();
    }
}
