using System.Text.Json;
using Deque.AxeCore.Playwright;
using Deque.AxeCore.Commons;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Tests.Dashboard;

public sealed class AccessibilityTests(Browser browser) : DashboardTests(browser)
{
    private const string Scan = """
        async ([levels, part]) => {
          const found = await axe.run(part === null ? document : document.querySelector(part), { runOnly: { type: 'tag', values: levels }, resultTypes: ['violations'] });
          return { passed: found.passes.length, wrong: found.violations.flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html} ${node.any.map(check => check.message).join('; ')}`)) };
        }
        """;

    /// <summary>What opens above a page, how, and what of it is then looked at; the page itself was.</summary>
    private static readonly Dictionary<string, (string Name, Func<IPage, Task> Open, string Part)[]> s_opened = new()
    {
        ["/events"] = [Dialog("help", "[data-help-open]")],
        ["/devices"] = [("saved queries", page => page.Locator("[data-query-saved]").ClickAsync(), "#query-menu")],
        ["/devices/ID"] = [Dialog("tags", "[data-edit-tags]"), Dialog("revoke", "[data-act=revoke]"), Dialog("suspend", "[data-act=suspend]")],
        ["/enrolment"] =
        [
            Dialog("approve", "table.queue button[aria-label^=Approve]"), Dialog("reject", "table.queue button[aria-label^=Reject]"),
            ("approve many", async page => { await page.Locator("[data-queue-all]").CheckAsync(); await page.Locator("[data-queue-approve]").ClickAsync(); }, "dialog[open]"),
            Dialog("remove an approval rule", "button[aria-label='Remove rule lab']"),
            ("a token is made", page => page.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync(), "[data-testid=made-token]"),
        ],
        ["/policy"] = [("in a shell", page => page.GetByRole(AriaRole.Button, new() { Name = "In a shell" }).PressAsync("Enter"), "#shell-lines:popover-open")],
        ["/alerts"] = [Dialog("acknowledge", "button[aria-label^=Acknowledge]"), Dialog("silence", "button[aria-label^='Silence: 3 devices at oslo']")],
        ["/alerts?tab=rules"] = [("change a rule", page => page.Locator("button[aria-label='Change night-shift']").ClickAsync(), "section[aria-labelledby=rule-title]"), Dialog("remove a rule", "button[aria-label='Remove night-shift']")],
        ["/alerts?tab=webhooks"] =
        [
            Dialog("new secret", "button[aria-label='New secret for wiki']"), Dialog("remove a webhook", "button[aria-label='Remove wiki']"),
            ("deliveries", page => page.GetByRole(AriaRole.Button, new() { Name = "Deliveries of wiki" }).ClickAsync(), "[data-testid=deliveries] table"),
        ],
        ["/settings?tab=people"] = [Dialog("rights", "button[aria-label='Change the rights of aksel']"), Dialog("remove a person", "button[aria-label='Remove aksel']")],
        ["/settings?tab=tokens"] =
        [
            ("a token that was made", async page => { await page.GetByLabel("Name", new() { Exact = true }).FillAsync("night-job"); await page.Keyboard.PressAsync("Enter"); }, "[data-testid=made-token]"),
            Dialog("revoke a token", "button[aria-label='Revoke backup-job']"),
        ],
        ["/graph?level=fleet"] = [("keys", async page => { await page.Locator("[data-graph-canvas]").FocusAsync(); await page.Keyboard.PressAsync("?"); }, "dialog[open]")],
    };

    private static readonly string[] s_levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    [Fact]
    public async Task Every_page_is_clean_to_axe_at_level_AA_in_every_theme()
    {
        var fleet = FakeFleet.Of(40, 3);
        var bad = fleet.Devices.Values.First(device => device.Look == Looks.Contraindicated);
        var edge = fleet.Edges.Values.First(one => one.To == bad.Id && fleet.Edges.ContainsKey($"{one.To}>{one.From}"));
        fleet.Doubted.Add(bad.Id);
        fleet.Silos = FakeFleet.Cluster(5);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.FireSome();
        dashboard.Silo.AlertRules.Add(new("night-shift", "site:oslo status:failed", "devices the query finds", "critical", 300, true, false, "ada", fleet.Now));
        dashboard.Silo.Rules.Add(new("lab", "site:lab", true, 1, "aksel", fleet.Now));
        dashboard.Silo.Pins[("ada", bad.Id)] = new(bad.Id, 0.2, 0.1);
        var (page, _) = await SignedInAsync(dashboard, "/", "code-admin", ColorScheme.Light);
        var found = new List<string>();

        foreach (var path in new[]
        {
            "/", "/devices", "/devices?q=site:oslo&cols=look,name,proven,since,expires,fw,agent,policy&order=-since", $"/devices/{bad.Id}", $"/devices/{bad.Id}?tab=measurements", $"/devices/{bad.Id}?tab=identity", $"/devices/{bad.Id}?tab=evidence", $"/devices/{bad.Id}?tab=timeline",
            "/enrolment", "/policy", "/events", "/changes", "/revocations", "/log", "/graph?view=table", "/graph?view=table&of=edges", "/graph?view=table&of=groups&group=model", "/help", $"/devices/{bad.Id}?tab=peers",
            $"/devices/{bad.Id}?tab=peers&edge={edge.From}~{edge.To}", "/silos", "/alerts", "/alerts?tab=rules", "/alerts?tab=silences", "/alerts?tab=webhooks", "/settings", "/settings?tab=people", "/settings?tab=tokens", "/settings?tab=about", "/settings?tab=sites", "/settings?tab=upkeep", "/graph?level=fleet", "/graph?site=oslo&layout=tree", $"/graph?focus={bad.Id}&blast=1", $"/graph?at={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddMinutes(-30).ToString("O"))}", "/graph",
        })
        {
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            if (path == "/graph")
            {
                await GraphLiveAsync(page);
                await page.EvaluateAsync("id => window.__trustgraph.select(id)", bad.Id);
                await page.WaitForSelectorAsync(".panel-because");
                await ScanAsync(page, "selected device", found);
                await page.EvaluateAsync("([from, to]) => window.__trustgraph.selectEdge(from, to)", new[] { edge.From, edge.To });
                await page.WaitForSelectorAsync(".edge-side .rounds");
            }
            else if (path.StartsWith("/graph", StringComparison.Ordinal) && !path.Contains("view=table", StringComparison.Ordinal))
                await GraphLiveAsync(page);
            else
                await LiveAsync(page);
            await page.WaitForFunctionAsync("() => document.querySelector('.skeleton') === null");
            await ScanAsync(page, path, found);
            foreach (var (name, open, part) in s_opened.GetValueOrDefault(path.Replace(bad.Id, "ID", StringComparison.Ordinal)) ?? [])
            {
                await open(page);
                await page.Locator(part).WaitForAsync();
                await ScanPartAsync(page, $"{path}, {name}", part, found);
                await page.Keyboard.PressAsync("Escape");
                if (part == "dialog[open]") await page.Locator("dialog[open]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
            }
        }
        await page.GotoAsync(new Uri(dashboard.Address, "/revocations/new?q=site:oslo").ToString());
        await LiveAsync(page);
        foreach (var step in new[] { "choice", "plan" })
        {
            await page.GetByTestId(step).WaitForAsync();
            await ScanAsync(page, $"revoking: {step}", found);
            await page.Locator("[data-next]").ClickAsync();
        }
        await page.GetByTestId("expected").WaitForAsync();
        await ScanAsync(page, "revoking: confirm", found);
        dashboard.Silo.Rule = new(1, 24, 1);
        await page.GetByLabel("Reason").FillAsync("stolen");
        await page.GetByLabel("Type").FillAsync(await page.GetByTestId("expected").InnerTextAsync());
        await page.Locator("[data-revoke]").ClickAsync();
        await page.GetByTestId("act").WaitForAsync();
        await ScanAsync(page, "revoking: waits", found);
        await page.Locator("[data-reject]").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await ScanAsync(page, "revoking: reject", found);
        await page.GotoAsync(new Uri(dashboard.Address, "/revocations").ToString());
        await page.Locator("[data-request]").WaitForAsync();
        await ScanAsync(page, "revocations with a request", found);
        await page.GotoAsync(new Uri(dashboard.Address, "/sign-in?reason=ended").ToString());
        await ScanAsync(page, "/sign-in", found);
        Assert.Equal(404, (await page.GotoAsync(new Uri(dashboard.Address, "/no-such-page").ToString()))!.Status);
        await ScanAsync(page, "404", found);
        await page.GetByRole(AriaRole.Link, new() { Name = "Go to the overview" }).ClickAsync();
        await LiveAsync(page);
        // Once nothing of the frame is asked for any more: its own failure would take the circuit away.
        await Assertions.Expect(page.Locator(".user-role")).Not.ToBeEmptyAsync();
        // As a mistake in the dashboard would, in an open page and for one that is opened.
        dashboard.Services.GetRequiredService<SiloConnection>().Dispose();
        await FollowAsync(page, "/policy");
        await Assertions.Expect(page.Locator("main").GetByRole(AriaRole.Alert)).ToContainTextAsync("This page failed");
        Assert.Contains(await page.Locator("main .failure code").InnerTextAsync(), dashboard.Log.Text, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("main .failure").GetByRole(AriaRole.Link, new() { Name = "Go to the overview" })).ToBeVisibleAsync();
        await ScanAsync(page, "a page that failed", found);
        Assert.Equal(500, (await page.GotoAsync(new Uri(dashboard.Address, "/policy").ToString()))!.Status);
        await ScanAsync(page, "/error", found);

        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    private static async Task ScanAsync(IPage page, string where, List<string> found)
    {
        // Brings axe into the page; the other themes ask the same of what is there already.
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. s_levels] }, ResultTypes = new HashSet<ResultType> { ResultType.Violations } });
        Assert.NotEmpty(result.Passes);
        found.AddRange(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{where}: {violation.Id}: {node.Html} {string.Join("; ", node.Any.Select(check => check.Message))}")));
        foreach (var theme in (string[])["dark", "contrast"]) await ScanThemeAsync(page, where, theme, null, found);
        await page.EvaluateAsync("() => { document.documentElement.dataset.theme = 'light'; }");
    }

    /// <param name="part">Selects it. axe is in the page since that was looked at as a whole.</param>
    private static async Task ScanPartAsync(IPage page, string where, string part, List<string> found)
    {
        foreach (var theme in (string[])["dark", "contrast", "light"]) await ScanThemeAsync(page, where, theme, part, found);
    }

    private static async Task ScanThemeAsync(IPage page, string where, string theme, string? part, List<string> found)
    {
        await page.EvaluateAsync("theme => { document.documentElement.dataset.theme = theme; }", theme);
        var (passed, wrong) = Scanned(await page.EvaluateAsync<JsonElement>(Scan, new object?[] { s_levels, part }));
        Assert.True(passed > 0, $"{where}: axe looked at nothing");
        found.AddRange(wrong.Select(one => $"{where} ({theme}): {one}"));
    }

    private static (string Name, Func<IPage, Task> Open, string Part) Dialog(string name, string button) => (name, page => page.Locator(button).First.ClickAsync(), "dialog[open]");

    private static (int Passed, IEnumerable<string> Wrong) Scanned(JsonElement answer)
        => (answer.GetProperty("passed").GetInt32(), answer.GetProperty("wrong").EnumerateArray().Select(one => one.GetString()!));
}
