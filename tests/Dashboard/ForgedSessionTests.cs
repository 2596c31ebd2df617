using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Cookies and codes that are no good, and pages that are not there, as whoever has no browser sees them.</summary>
public sealed class ForgedSessionTests
{
    [Fact]
    public async Task A37_A_forged_cookie_and_one_of_another_dashboard_open_nothing()
    {
        var fleet = FakeFleet.Of(2);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        await using var other = await RunningDashboard.StartAsync(fleet);
        var (good, foreign) = (await CookieAsync(dashboard), await CookieAsync(other));
        // It is 200 characters and more, and each of them counts.
        var forged = Enumerable.Range(0, 24).Select(i => i * (good.Length - 4) / 24).Select(at => good[..at] + (good[at] == 'A' ? 'B' : 'A') + good[(at + 1)..]).ToList();

        Assert.Equal(HttpStatusCode.OK, (await WithAsync(dashboard, good, "/feed/snapshot")).StatusCode);
        foreach (var cookie in forged.Concat([foreign, good[..^8], good + good, "x", ""]))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await WithAsync(dashboard, cookie, "/feed/snapshot")).StatusCode);
            var page = await WithAsync(dashboard, cookie, "/devices");
            Assert.Equal((HttpStatusCode.Redirect, "/sign-in?back=%2Fdevices"), (page.StatusCode, page.Headers.Location!.ToString()));
        }
        // Whoever restarts the dashboard, or forges at random, finds nothing of it in its log either.
        Assert.DoesNotContain(good, dashboard.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign, dashboard.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_one_time_code_opens_the_dashboard_once_and_never_when_it_is_too_old()
    {
        var time = new ShiftedTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        var used = (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ann", "viewer"))).Code;
        var old = (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("bob", "viewer"))).Code;
        await using var dashboard = await RunningDashboard.BesideAsync(silo);
        using var first = dashboard.Client();
        using var second = dashboard.Client();

        Assert.Equal(HttpStatusCode.Redirect, (await RunningDashboard.SubmitAsync(first, used)).StatusCode);
        await RefusedAsync(await RunningDashboard.SubmitAsync(second, used));
        time.Ahead = TimeSpan.FromHours(25);
        await RefusedAsync(await RunningDashboard.SubmitAsync(second, old));
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.GetAsync("/feed/snapshot")).StatusCode);
        Assert.DoesNotContain(used, dashboard.Log.Text, StringComparison.Ordinal);

        static async Task RefusedAsync(HttpResponseMessage answer)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotContain(answer.Headers, header => header.Key == "Set-Cookie" && header.Value.Any(cookie => cookie.StartsWith("trustmesh.session", StringComparison.Ordinal)));
            Assert.Contains("This code is not valid: it is wrong, used, or too old. Ask for a new one.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_that_is_not_there_or_fails_says_under_which_id_the_log_has_it_and_leads_back()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1));
        using var client = dashboard.Client();
        await RunningDashboard.SubmitAsync(client, "code-viewer");

        var missing = await client.GetAsync("/no-such-page");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("There is no such page", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await TraceAsync(missing);
        Assert.Contains("Nothing failed just now", await client.GetStringAsync("/error"), StringComparison.Ordinal);

        // As a mistake in the dashboard would.
        dashboard.Services.GetRequiredService<SiloConnection>().Dispose();
        var failed = await client.GetAsync("/devices");
        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Contains("The dashboard failed", await failed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(await TraceAsync(failed), dashboard.Log.Text, StringComparison.Ordinal);

        static async Task<string> TraceAsync(HttpResponseMessage answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Contains("<a href=\"/\">Go to the overview</a>", text, StringComparison.Ordinal);
            var trace = System.Text.RegularExpressions.Regex.Match(text, "Trace id <code>([^<]{8,})</code>");
            Assert.True(trace.Success, text);
            return trace.Groups[1].Value;
        }
    }

    private static async Task<string> CookieAsync(RunningDashboard dashboard)
    {
        using var client = dashboard.Client();
        var answer = await RunningDashboard.SubmitAsync(client, "code-viewer");
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), one => one.StartsWith("trustmesh.session=", StringComparison.Ordinal));
        return cookie["trustmesh.session=".Length..cookie.IndexOf(';')];
    }

    private static async Task<HttpResponseMessage> WithAsync(RunningDashboard dashboard, string cookie, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = dashboard.Address };
        return await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", $"trustmesh.session={cookie}" } } });
    }
}
