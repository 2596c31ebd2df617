using System.Net;
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
            "javascript:document.title='owned'", "{{constructor.constructor('document.title=1')()}}", "a\u202Egnp.exe", "../../etc/passwd", new string('x', 300),
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
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/");

        foreach (var path in new[] { "/", "/devices", "/graph?view=table", "/enrolment", "/policy", "/events", "/revocations", "/log", "/graph?view=table&of=edges", $"/devices/{hostile[0].Id}", $"/devices/{hostile[0].Id}?tab=peers",
            $"/devices/{hostile[0].Id}?tab=peers&edge={hostile[0].Id}~{hostile[1].Id}", $"/devices/{hostile[2].Id}?tab=timeline", "/graph" })
        {
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            if (path == "/graph")
            {
                await GraphLiveAsync(page);
                await page.EvaluateAsync("id => window.__trustgraph.select(id)", hostile[1].Id);
                await Assertions.Expect(page.Locator(".panel h2")).ToHaveTextAsync(names[1]);
                await page.EvaluateAsync("([from, to]) => window.__trustgraph.selectEdge(from, to)", new[] { hostile[5].Id, hostile[4].Id });
                await Assertions.Expect(page.Locator(".panel h2")).ToHaveTextAsync($"{names[5]} and {names[4]}");
                await Assertions.Expect(page.Locator(".panel .rounds").First).ToBeVisibleAsync();
                // What is read out or put in a title has no brackets of isolation around it, so a direction character must not be in it.
                var labels = await page.Locator(".panel, .graph").EvaluateAllAsync<string>(
                    "all => all.flatMap(e => [...e.querySelectorAll('*')]).map(e => (e.title ?? '') + (e.getAttribute('aria-label') ?? '')).join() + document.querySelector('[data-graph-status]').textContent");
                Assert.DoesNotContain('\u202E', labels);
                Assert.Contains('\uFFFD', labels);
            }
            else
            {
                await LiveAsync(page);
                await page.WaitForFunctionAsync("() => document.querySelector('.skeleton') === null");
            }
            Assert.EndsWith("TrustMesh", await page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await page.Locator("main img, main script, main b, main [onload], main [onerror]").CountAsync());
        }

        await page.GotoAsync(new Uri(dashboard.Address, "/devices").ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = names[0], Exact = true })).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

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
    public async Task A47_A_join_token_is_shown_once_and_then_gone()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(2));
        var (page, complaints) = await SignedInAsync(dashboard, "/enrolment");
        await LiveAsync(page);

        await page.GetByLabel("Uses").FillAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("made-token")).ToContainTextAsync("tmj1_");
        await page.GetByRole(AriaRole.Button, new() { Name = "I have it" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("made-token")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "5 of 5" })).ToBeVisibleAsync();

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "5 of 5" })).ToBeVisibleAsync();
        Assert.DoesNotContain("tmj1_", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("tmj1_", dashboard.Log.Text, StringComparison.Ordinal);
        Assert.Empty(complaints);
    }
}
