using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

public sealed class SiloTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task The_page_of_silos_shows_the_dead_one_first_and_follows_without_being_asked()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        fleet.Silos = [FakeFleet.Silo("silo-1", 500, 0.5, ["authority", "shard-0", "shard-1"]), FakeFleet.Silo("silo-2", 500, 0.5, ["log-0", "shard-2"]), FakeFleet.Silo("silo-3", 0, 0, [])];
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/silos", "code-viewer");
        await Assertions.Expect(page.GetByTestId("silos")).ToHaveTextAsync("3 silos");
        await Assertions.Expect(page.GetByTestId("totals")).ToHaveTextAsync("1,000 twins in memory, 16.7 calls a second");
        await Assertions.Expect(page.Locator(".silo h2")).ToHaveTextAsync(["silo-1", "silo-2", "silo-3"]);

        // What a dead one last said counts no more, and its storage errors stay to be read.
        fleet.Silos = [fleet.Silos[0], FakeFleet.Away(fleet.Silos[1], "dead", "two others found that it does not answer", 200) with { StorageErrors = 2, LastStorageError = "2026-01-01 00:00:00Z disk full" }, fleet.Silos[2]];

        await Assertions.Expect(page.GetByTestId("silos")).ToHaveTextAsync("3 silos, 1 dead");
        await Assertions.Expect(page.GetByTestId("totals")).ToHaveTextAsync("500 twins in memory, 8.3 calls a second");
        await Assertions.Expect(page.Locator(".silo h2")).ToHaveTextAsync(["silo-2", "silo-1", "silo-3"]);
        var dead = page.GetByRole(AriaRole.Article, new() { Name = "Silo silo-2" });
        foreach (var text in new[] { "Dead", "Two others found that it does not answer. It holds nothing any more.", "disk full", "3 min ago" })
            await Assertions.Expect(dead).ToContainTextAsync(text);
        await Assertions.Expect(dead.Locator(".badge .glyph.look-contraindicated")).ToBeVisibleAsync();
        await Assertions.Expect(dead.Locator(".silo-figures")).Not.ToContainTextAsync("8.3");

        const string Wrong = "its clock is 600 s ahead of the other silos'; see to its time server.";
        fleet.Silos = [fleet.Silos[0], FakeFleet.Silo("silo-2", 400, 0.4, ["log-0"]), fleet.Silos[2] with { Why = Wrong, SkewSeconds = 600.2 }];
        await Assertions.Expect(page.GetByTestId("silos")).ToHaveTextAsync("3 silos, 1 with a warning");
        await Assertions.Expect(page.Locator(".silo h2")).ToHaveTextAsync(["silo-3", "silo-1", "silo-2"]);
        var wrong = page.GetByRole(AriaRole.Article, new() { Name = "Silo silo-3" });
        await Assertions.Expect(wrong.Locator(".badge")).ToHaveTextAsync("Active");
        await Assertions.Expect(wrong.Locator(".silo-why")).ToHaveTextAsync(SiloText.Sentence(Wrong));
        await wrong.Locator("summary").ClickAsync();
        await Assertions.Expect(wrong).ToContainTextAsync("600.2 s ahead of the other silos'");
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "40 % of the twins in memory" })).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task What_a_silo_holds_opens_with_the_keyboard_and_stays_open_while_numbers_move()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        fleet.Silos = FakeFleet.Cluster();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/silos", "code-viewer");
        await LiveAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Silos", Exact = true }).FocusAsync();
        var first = page.GetByRole(AriaRole.Article, new() { Name = "Silo silo-1" });
        await Assertions.Expect(first.Locator("summary")).ToContainTextAsync("authority");
        await Assertions.Expect(first.GetByText("silo-1.mesh.example:7443")).ToBeHiddenAsync();

        for (var presses = 0; presses < 40 && !await first.Locator("summary").EvaluateAsync<bool>("one => one === document.activeElement"); presses++)
            await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(first.GetByText("silo-1.mesh.example:7443")).ToBeVisibleAsync();
        fleet.Silos = [fleet.Silos[0] with { Twins = 12_345 }, .. fleet.Silos[1..]];
        await Assertions.Expect(first).ToContainTextAsync("12,345 twins");
        await Assertions.Expect(first.GetByText("silo-1.mesh.example:7443")).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_mesh_in_one_process_shows_everything_of_its_only_silo()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3, calm: 1));
        var (page, complaints) = await SignedInAsync(dashboard, "/silos", "code-viewer");
        var only = page.GetByRole(AriaRole.Article);
        await Assertions.Expect(page.GetByTestId("silos")).ToHaveTextAsync("1 silo");
        foreach (var text in new[] { "Active", "100 %", "everything", "https://silo.mesh.example:7443", "190 MiB", "1.3 ms" })
            await Assertions.Expect(only).ToContainTextAsync(text);
        await Assertions.Expect(page.GetByText("trustmesh silo show silo")).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_silo_that_goes_away_leaves_its_last_word_and_the_page_goes_on_when_it_is_back()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        fleet.Silos = FakeFleet.Cluster();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/silos", "code-viewer");
        await Assertions.Expect(page.GetByTestId("silos")).ToHaveTextAsync("3 silos, 1 dead");

        await dashboard.Silo.StopAsync();
        await Assertions.Expect(page.GetByTestId("live")).Not.ToHaveTextAsync("Live");
        await Assertions.Expect(page.Locator(".silo")).ToHaveCountAsync(3);
        fleet.Silos = FakeFleet.Cluster(12);
        await dashboard.Silo.StartAsync();

        await Assertions.Expect(page.GetByTestId("silos")).ToHaveTextAsync("12 silos, 1 dead, 1 silent, 1 joining");
    }

    [Fact]
    public async Task The_overview_tells_of_a_silo_that_died_and_leads_to_the_page()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/", "code-viewer");
        await Assertions.Expect(page.GetByTestId("silo-count")).ToHaveTextAsync("1 silo");

        fleet.Silos = FakeFleet.Cluster();

        await Assertions.Expect(page.GetByTestId("silo-count")).ToHaveTextAsync("3 silos, 1 dead");
        await Assertions.Expect(page.Locator(".silo-words")).ToContainTextAsync("Two other silos found that it does not answer", new() { IgnoreCase = true });
        await page.GetByTestId("silo-count").ClickAsync();
        await page.WaitForURLAsync("**/silos");
        await Assertions.Expect(page.Locator(".silo").First).ToContainTextAsync("Two other silos found that it does not answer");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task The_page_fits_a_telephone()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        fleet.Silos = FakeFleet.Cluster(12);
        fleet.Silos[1] = fleet.Silos[1] with { LastStorageError = $"2026-01-01 00:00:00Z {new string('x', 3_000)}" };
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/silos", "code-viewer");
        await page.SetViewportSizeAsync(420, 860);
        await Assertions.Expect(page.Locator(".silo")).ToHaveCountAsync(12);
        Assert.Equal(420, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.True(await page.Locator(".silo-error").EvaluateAsync<int>("one => one.getBoundingClientRect().height") < 100);
    }

    [Fact]
    public async Task A44_What_a_silo_says_of_itself_is_text()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        fleet.Silos = [FakeFleet.Silo("silo\"><img src=x>", 1, 1, ["<b>shard</b>-1"]) with { Health = "<i>", Why = "<script>alert(1)</script>", LastStorageError = "<img src=x onerror=alert(1)>", Device = "javascript:alert(1)" }];
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/silos", "code-viewer");
        var only = page.GetByRole(AriaRole.Article);
        foreach (var text in new[] { "silo\"><img src=x>", "<b>shard</b> 1", "<i>", "<script>alert(1)</script>.", "<img src=x onerror=alert(1)>" })
            await Assertions.Expect(only).ToContainTextAsync(text);
        await Assertions.Expect(only.Locator("img, script, b, i, a")).ToHaveCountAsync(0);
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData("shard 0–3, 7", "shard-0", "shard-1", "shard-3", "shard-2", "shard-7")]
    [InlineData("authority | log 0–1 | shard 5", "authority", "log/1", "log/0", "shard-05")]
    [InlineData("everything", "everything")]
    [InlineData("shard 1", "shard-1", "shard-1")]
    [InlineData("7 | shard-99999999999", "7", "shard-99999999999")]
    [InlineData("")]
    public void Duties_of_one_kind_are_told_in_ranges(string brief, params string[] duties) => Assert.Equal(brief, string.Join(" | ", DutyText.Brief(duties)));

    [Fact]
    public void The_order_of_silos_changes_with_their_health_and_never_with_a_number_that_moves()
    {
        SiloView[] silos =
        [
            FakeFleet.Silo("b", 1, 0.1, []), FakeFleet.Silo("a", 900, 0.9, []), FakeFleet.Silo("c", 1, 0, []) with { StorageErrors = 1 }, FakeFleet.Silo("j", 1, 0, []) with { Health = "joining" },
            FakeFleet.Silo("l", 1, 0, []) with { Health = "leaving" }, FakeFleet.Silo("u", 1, 0, []) with { Health = "odd" }, FakeFleet.Silo("s", 1, 0, []) with { Health = "silent" }, FakeFleet.Silo("d", 1, 0, []) with { Health = "dead" },
        ];
        Assert.Equal("d s u l j c a b", string.Join(' ', SiloText.WorstFirst(silos).Select(silo => silo.Name)));
        Assert.Equal("s-2 s-10 t", string.Join(' ', SiloText.WorstFirst([FakeFleet.Silo("t", 1, 0, []), FakeFleet.Silo("s-10", 1, 0, []), FakeFleet.Silo("s-2", 1, 0, [])]).Select(silo => silo.Name)));
        Assert.Equal("8 silos, 1 dead, 1 silent, 1 odd, 1 leaving, 1 joining", SiloText.Count(silos));
        Assert.Equal(["trusted", "warning", "warning", "contraindicated"], new[] { "active", "silent", "odd", "dead" }.Select(SiloText.Look));
    }

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.0004, "< 1 %")]
    [InlineData(0.333, "33 %")]
    [InlineData(0.9999, "99 %")]
    [InlineData(1, "100 %")]
    public void A_share_is_all_only_when_it_is_all(double share, string text) => Assert.Equal(text, SiloText.Percent(share));
}
