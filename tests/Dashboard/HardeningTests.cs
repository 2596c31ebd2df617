using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed class HardeningTests(Browser browser) : DashboardTests(browser)
{
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/css/app.css")]
    [InlineData("/graph/shell.js")]
    [InlineData("/feed/snapshot")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1));
        using var client = dashboard.Client();

        var answer = await client.GetAsync(path);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task A_name_rebound_to_loopback_is_turned_away()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1));
        using var client = dashboard.Client();

        var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/sign-in") { Headers = { Host = "evil.example" } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A45_The_keys_of_the_session_cookies_are_the_owners_alone()
    {
        var state = Directory.CreateTempSubdirectory("trustmesh-dashboard-");
        try
        {
            await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1), state.FullName);
            using var client = dashboard.Client();
            await client.GetAsync("/sign-in"); // Its antiforgery token needs a key.

            var folder = new DirectoryInfo(Path.Combine(state.FullName, "session-keys"));
            var file = Assert.Single(folder.GetFiles());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, folder.UnixFileMode);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A44_Hostile_names_are_shown_and_do_nothing()
    {
        string[] names =
        [
            "<img src=x onerror=document.title='owned'>", "<script>document.title='owned'</script>", "\"><svg onload=document.title='owned'>",
            "javascript:document.title='owned'", "{{constructor.constructor('document.title=1')()}}", "a\u202Egnp.exe", "../../etc/passwd", new string('x', 10_000),
            // No silo takes such a name; a silo that somebody else wrote may.
            string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)) + "\u001b[31mred\u007f\u0085\u2028", "\ud800 half",
        ];
        var fleet = new FakeFleet();
        var hostile = names.Select(name => fleet.Add(name, name, name, status: "contraindicated")).ToList();
        foreach (var (from, to) in hostile.Zip(hostile.Skip(1).Append(hostile[0])))
        {
            fleet.Judge(from, to);
            fleet.Judge(to, from);
        }
        var listed = hostile.Select((device, at) => new RevokedDevice(device.Id, device.Name, "revoked", at, 3, fleet.Now, names[at])).ToList();
        fleet.Revocations = fleet.Revocations with { Uri = names[0], Devices = listed };
        fleet.Propagation = fleet.Propagation with { Devices = names.Length, Waiting = names, Acks = [.. hostile.Select(device => new RevocationAck(device.Id, device.Name, 5, 0))] };
        hostile.Add(fleet.Add("waiting", "<b>site</b>", "<i>model</i>", standing: "pending", status: "none"));
        hostile.Add(fleet.Add(names[7], names[5], names[8], standing: "pending", status: "none"));
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        foreach (var (at, name) in names.Index())
        {
            dashboard.Silo.Say(name, name, hostile[at]);
            dashboard.Silo.People.Add(new(name, [new(name, [name])], at % 2 == 0, fleet.Now, name, 1, 1));
            dashboard.Silo.Rules.Add(new(name, name, true, 1, name, fleet.Now));
            dashboard.Silo.Fire(name, "critical", name, [hostile[at]], name, by: new(name, fleet.Now, name));
            dashboard.Silo.AlertRules.Add(new(name, name, name, "info", 7, true, false, name, fleet.Now));
            dashboard.Silo.Silences.Add(new($"{at:x16}", name, name, fleet.Now.AddHours(1), name, name, fleet.Now));
            dashboard.Silo.Webhooks.Add(new(name, name, name, name, fleet.Now, 1));
        }
        var (page, complaints) = await SignedInAsync(dashboard, "/", "code-admin");

        var wrong = new List<string>();
        foreach (var path in new[] { "/", "/devices", "/graph?view=table", "/enrolment", "/policy", "/events", "/changes", "/revocations", "/log", "/alerts", "/alerts?tab=rules", "/alerts?tab=silences", "/alerts?tab=webhooks", "/settings?tab=people", "/settings?tab=sites",
            "/graph?view=table&of=edges", "/graph?view=table&of=groups&group=model", $"/devices/{hostile[0].Id}", $"/devices/{hostile[0].Id}?tab=peers", $"/devices/{hostile[0].Id}?tab=peers&edge={hostile[0].Id}~{hostile[1].Id}", $"/devices/{hostile[2].Id}?tab=timeline",
            $"/devices/{hostile[7].Id}", $"/devices/{hostile[8].Id}", "/graph" })
        {
            if (path == "/graph")
            {
                await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
                await GraphLiveAsync(page);
                await page.EvaluateAsync("id => window.__trustgraph.select(id)", hostile[1].Id);
                await Assertions.Expect(page.Locator(".panel h2")).ToHaveTextAsync(names[1]);
                await page.EvaluateAsync("([from, to]) => window.__trustgraph.selectEdge(from, to)", new[] { hostile[5].Id, hostile[4].Id });
                await Assertions.Expect(page.Locator(".panel h2")).ToHaveTextAsync($"{names[5]} and {names[4]}");
                await Assertions.Expect(page.Locator(".panel .rounds").First).ToBeVisibleAsync();
                Assert.Contains('\uFFFD', await LabelsAsync(page));
            }
            else
            {
                // Within the circuit: its batches carry what no document could.
                await FollowAsync(page, path);
                await LiveAsync(page);
                await page.WaitForFunctionAsync("() => document.querySelector('main .skeleton') === null");
            }
            // What is read out or put in a title has no brackets of isolation around it, so no character that turns or controls words may be in it.
            if (Regex.Match(await LabelsAsync(page), ".{0,60}[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]") is { Success: true } label)
                wrong.Add($"{path} has a label that turns or controls words: {label.Value}");
            if (await page.EvaluateAsync<string>(Loose) is { Length: > 0 } loose)
                wrong.Add($"{path} lets words turn those of others around: {loose}");
            if (await page.EvaluateAsync<string>(Widest) is { Length: > 0 } widest)
                wrong.Add($"{path} is wider than its window: {widest}");
            Assert.EndsWith("TrustMesh", await page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await page.Locator("main img, main script, main b, main [onload], main [onerror]").CountAsync());
        }

        await page.GotoAsync(new Uri(dashboard.Address, "/devices").ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = names[0], Exact = true })).ToBeVisibleAsync();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.Empty(complaints);
    }

    /// <summary>Words that turn those of others around: they stand in no element that keeps their direction to itself.</summary>
    private const string Loose = """
        () => {
          const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
          for (let text = walk.nextNode(); text !== null; text = walk.nextNode())
            if (text.data.includes('\u202e') && text.parentElement.closest('bdi') === null) return text.parentElement.outerHTML.slice(0, 300);
          return '';
        }
        """;

    private static Task<string> LabelsAsync(IPage page) => page.EvaluateAsync<string>(
        "() => document.title + [...document.querySelectorAll('main *, .panel *')].map(e => (e.getAttribute('title') ?? '') + (e.getAttribute('aria-label') ?? '')).join() + (document.querySelector('[data-graph-status]')?.textContent ?? '')");

    [Fact]
    public async Task A47_The_token_of_the_silo_is_in_no_page_address_script_or_log()
    {
        var fleet = FakeFleet.Of(4);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/", "code-admin");
        var addresses = new List<string>();
        page.Request += (_, request) => addresses.Add(request.Url);
        foreach (var path in new[] { "/", "/graph", "/enrolment", $"/devices/{fleet.Devices.Keys.First()}" })
        {
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            await page.WaitForLoadStateAsync(LoadState.Load);
            Assert.DoesNotContain("silo-secret-token", await page.ContentAsync(), StringComparison.Ordinal);
        }
        var readable = await page.EvaluateAsync<string>("() => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)");

        Assert.NotEmpty(addresses);
        Assert.DoesNotContain("trustmesh.session", readable, StringComparison.Ordinal);
        Assert.All(addresses.Concat(dashboard.Silo.Requests), address => Assert.DoesNotContain("secret", address, StringComparison.Ordinal));
        Assert.DoesNotContain("silo-secret-token", dashboard.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("code-admin", dashboard.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A47_A_join_token_made_by_keyboard_is_shown_once_and_then_gone()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment");
        await LiveAsync(page);

        await ReachAsync(page, "#token-uses");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("5");
        await ReachAsync(page, "[aria-labelledby=tokens-title] button[type=submit]");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("made-token")).ToContainTextAsync("tmj1_");
        await ReachAsync(page, "[data-testid=made-token] > button");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("made-token")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "5 of 5" })).ToBeVisibleAsync();

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "5 of 5" })).ToBeVisibleAsync();
        Assert.DoesNotContain("tmj1_", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("tmj1_", dashboard.Log.Text, StringComparison.Ordinal);
        Assert.Empty(complaints);
    }
}
