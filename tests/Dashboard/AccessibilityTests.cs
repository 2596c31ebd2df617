using System.Text.Json;
using Deque.AxeCore.Playwright;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed class AccessibilityTests(Browser browser) : DashboardTests(browser)
{
    private const string Scan = """
        async levels => {
          const found = await axe.run(document, { runOnly: { type: 'tag', values: levels }, resultTypes: ['violations'] });
          return { passed: found.passes.length, wrong: found.violations.flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html} ${node.any.map(check => check.message).join('; ')}`)) };
        }
        """;

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
        dashboard.Silo.Pins[("ada", bad.Id)] = new(bad.Id, 0.2, 0.1);
        var (page, _) = await SignedInAsync(dashboard, "/", "code-admin", ColorScheme.Light);
        var found = new List<string>();

        foreach (var path in new[]
        {
            "/", "/devices", "/devices?q=site:oslo&cols=look,name,proven,since,expires,fw,agent,policy&order=-since", $"/devices/{bad.Id}", $"/devices/{bad.Id}?tab=measurements", $"/devices/{bad.Id}?tab=identity", $"/devices/{bad.Id}?tab=evidence", $"/devices/{bad.Id}?tab=timeline",
            "/enrolment", "/policy", "/events", "/changes", "/revocations", "/log", "/graph?view=table", "/graph?view=table&of=edges", $"/devices/{bad.Id}?tab=peers",
            $"/devices/{bad.Id}?tab=peers&edge={edge.From}~{edge.To}", "/silos", "/alerts", "/alerts?tab=rules", "/alerts?tab=silences", "/alerts?tab=webhooks", "/settings", "/settings?tab=people", "/settings?tab=about", "/graph?level=fleet", "/graph?site=oslo", $"/graph?focus={bad.Id}&blast=1", $"/graph?at={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddMinutes(-30).ToString("O"))}", "/graph",
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
            if (path == "/policy")
            {
                await page.GetByRole(AriaRole.Button, new() { Name = "In a shell" }).PressAsync("Enter");
                await Assertions.Expect(page.Locator("#shell-lines")).ToContainTextAsync("trustmesh policy test draft.json");
            }
            await ScanAsync(page, path, found);
        }
        await page.GotoAsync(new Uri(dashboard.Address, $"/devices/{bad.Id}").ToString());
        await LiveAsync(page);
        await page.Locator("[data-act=revoke]").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await ScanAsync(page, "revoke dialog", found);
        await page.GotoAsync(new Uri(dashboard.Address, "/alerts").ToString());
        await LiveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Silence: 3 devices at oslo: devices-stale" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await ScanAsync(page, "silence dialog", found);
        await page.GotoAsync(new Uri(dashboard.Address, "/alerts?tab=webhooks").ToString());
        await LiveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Deliveries of wiki" }).ClickAsync();
        await page.GetByTestId("deliveries").GetByRole(AriaRole.Table).WaitForAsync();
        await ScanAsync(page, "deliveries", found);
        await page.GotoAsync(new Uri(dashboard.Address, "/settings?tab=people").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Change the rights of aksel" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await ScanAsync(page, "rights dialog", found);
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

        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    private static async Task ScanAsync(IPage page, string where, List<string> found)
    {
        // Brings axe into the page; the other themes ask the same of what is there already.
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. s_levels] }, ResultTypes = new HashSet<ResultType> { ResultType.Violations } });
        Assert.NotEmpty(result.Passes);
        found.AddRange(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{where}: {violation.Id}: {node.Html} {string.Join("; ", node.Any.Select(check => check.Message))}")));
        foreach (var theme in (string[])["dark", "contrast"])
        {
            await page.EvaluateAsync("theme => { document.documentElement.dataset.theme = theme; }", theme);
            var (passed, wrong) = Scanned(await page.EvaluateAsync<JsonElement>(Scan, s_levels));
            Assert.True(passed > 0, $"{where}: axe looked at nothing");
            found.AddRange(wrong.Select(one => $"{where} ({theme}): {one}"));
        }
        await page.EvaluateAsync("() => { document.documentElement.dataset.theme = 'light'; }");
    }

    private static (int Passed, IEnumerable<string> Wrong) Scanned(JsonElement answer)
        => (answer.GetProperty("passed").GetInt32(), answer.GetProperty("wrong").EnumerateArray().Select(one => one.GetString()!));
}
