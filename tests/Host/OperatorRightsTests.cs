using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Trust.Joining;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Tests.Host;

/// <summary>Roles by site, and the people who have them.</summary>
public class OperatorRightsTests
{
    [Fact]
    public async Task A37_A_role_at_one_site_reaches_no_device_of_another()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var here = await silo.JoinAsync("oslo-1");
        using var there = await JoinAtAsync(silo, "bergen-1", "bergen");
        using var vera = await silo.SignInAsync("operator", "bergen");
        foreach (var path in new[] { "devices/oslo-1/suspend", "devices/oslo-1/resume", "devices/oslo-1/revoke", $"devices/{here.Id.Text}/suspend", $"devices/{here.Id.Text[..8]}/suspend", "edges/oslo-1/bergen-1/examine", "devices/oslo-1/attest" })
        {
            var problem = await silo.ProblemAsync(vera, path, new Decision("why"));
            Assert.Equal(("forbidden", 403), (problem.Code, problem.Status));
            Assert.Contains("needs operator for site", problem.Detail);
        }
        // Approving needs more than operating, at the same site too.
        Assert.Contains("needs approver", (await silo.ProblemAsync(vera, "devices/bergen-1/approve", new Decision("why"))).Detail);
        using var done = await vera.PostAsJsonAsync("devices/bergen-1/suspend", new Decision("why"));
        Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync());
        Assert.Equal("suspended", (await silo.GetAsync<DeviceDetail>("devices/bergen-1")).Device.Standing);
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/oslo-1")).Device.Standing);
    }

    [Fact]
    public async Task Who_waits_is_let_in_or_turned_away_by_an_approver_of_the_site()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var first = await JoinAtAsync(silo, "pump-1", "oslo", autoApprove: false);
        using var second = await JoinAtAsync(silo, "pump-2", "oslo", autoApprove: false);
        using var operates = await silo.SignInAsync("operator", "oslo");
        using var elsewhere = await silo.SignInAsync("approver", "bergen");
        using var approves = await silo.SignInAsync("approver", "oslo", "turku");
        foreach (var client in new[] { operates, elsewhere })
            foreach (var verb in new[] { "approve", "revoke" })
                Assert.Contains("needs approver for site oslo", (await silo.ProblemAsync(client, $"devices/pump-1/{verb}", new Decision("why"))).Detail);
        Assert.True((await approves.PostAsJsonAsync("devices/pump-1/approve", new Decision(null))).IsSuccessStatusCode);
        Assert.True((await approves.PostAsJsonAsync("devices/pump-2/revoke", new Decision("nobody knows it"))).IsSuccessStatusCode);
        // What was let in is an operator's.
        Assert.True((await operates.PostAsJsonAsync("devices/pump-1/revoke", new Decision("scrapped"))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A37_A_join_token_is_made_and_deleted_only_for_a_site_one_acts_for()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("operator", "oslo");
        using var paul = await silo.SignInAsync("approver", "oslo");
        Assert.Contains("needs operator for the whole mesh", (await silo.ProblemAsync(vera, "enroll/tokens", new JoinTokenRequest(1, 600, false))).Detail);
        Assert.Contains("needs operator for site bergen", (await silo.ProblemAsync(vera, "enroll/tokens", new JoinTokenRequest(1, 600, false, "bergen"))).Detail);
        // Approving beforehand is approving.
        Assert.Contains("needs approver for site oslo", (await silo.ProblemAsync(vera, "enroll/tokens", new JoinTokenRequest(1, 600, true, "oslo"))).Detail);
        Assert.True((await vera.PostAsJsonAsync("enroll/tokens", new JoinTokenRequest(1, 600, false, "oslo"))).IsSuccessStatusCode);
        Assert.True((await paul.PostAsJsonAsync("enroll/tokens", new JoinTokenRequest(1, 600, true, "oslo"))).IsSuccessStatusCode);
        var other = await silo.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(1, 600, false, "bergen"));
        using var refused = await vera.DeleteAsync($"enroll/tokens/{other.Id}");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains(await silo.GetAsync<IReadOnlyList<JoinToken>>("enroll/tokens"), token => token.Id == other.Id);
    }

    [Theory]
    [InlineData("PUT", "policy", "admin")]
    [InlineData("POST", "references/learn", "admin")]
    [InlineData("POST", "operators", "admin")]
    [InlineData("GET", "operators", "admin")]
    public async Task A37_An_act_on_the_whole_mesh_needs_a_role_without_sites(string method, string path, string role)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var client = await silo.SignInAsync(role, "oslo");
        using var request = new HttpRequestMessage(new(method), path);
        if (method != "GET") request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("for the whole mesh", (await answer.Content.ReadFromJsonAsync<Problem>())!.Detail);
    }

    [Fact]
    public async Task Rights_change_at_once_and_the_log_says_who_what_before_after_and_why()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("viewer");
        using var changed = await silo.Operator.PutAsJsonAsync("operators/some-viewer/rights", new RightsChange([new("viewer"), new("operator", ["oslo", "bergen"])], "runs both halls"));
        Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync());
        var session = await vera.GetFromJsonAsync<Session>("session");
        Assert.Equal(("viewer", 2), (session!.Role, session.Grants!.Count));
        Assert.Equal(["bergen", "oslo"], session.Grants[1].Sites!);
        var log = await silo.GetAsync<LogPage>("log/0/entries");
        Assert.Contains(log.Entries, line => line is { Actor: "admin", Text: "rights of some-viewer: was viewer, is viewer, operator at bergen and oslo; runs both halls" });
    }

    [Fact]
    public async Task A_change_too_long_for_a_line_of_the_log_is_told_in_several_and_nothing_is_lost()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("viewer");
        string[] sites = [.. Enumerable.Range(10, 60).Select(i => $"site-with-a-long-name-{i}")];
        using var changed = await silo.Operator.PutAsJsonAsync("operators/some-viewer/rights", new RightsChange([new("operator", sites)], "all of the north"));
        Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync());
        var told = string.Concat((await silo.GetAsync<LogPage>("log/0/entries")).Entries.Where(line => line.Text.EndsWith(')')).Select(line => line.Text[..line.Text.LastIndexOf(" (", StringComparison.Ordinal)]));
        Assert.All(sites, site => Assert.Contains(site, told));
        Assert.EndsWith("; all of the north", told);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("remove")]
    public async Task Somebody_who_may_in_no_more_is_out_at_once_with_all_sessions_streams_and_codes(string verb)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("viewer");
        var code = await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("some-viewer"));
        using var stream = await vera.GetAsync("events", HttpCompletionOption.ResponseHeadersRead);
        using var done = await silo.Operator.PostAsJsonAsync($"operators/some-viewer/{verb}", new Decision("left the company"));
        Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await vera.GetAsync("mesh")).StatusCode);
        using var anyone = silo.Client(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.PostAsJsonAsync("session", new SignIn(code.Code))).StatusCode);
        // The stream that was open ends by itself, well before its next comment.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await stream.Content.ReadAsStringAsync(limit.Token);
        Assert.DoesNotContain(await silo.GetAsync<IReadOnlyList<SessionView>>("sessions"), one => one.Name == "some-viewer");
        await silo.RestartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Client(vera.DefaultRequestHeaders.Authorization!.Parameter).GetAsync("mesh")).StatusCode);
    }

    [Fact]
    public async Task Somebody_enabled_again_needs_a_new_code()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("viewer");
        await silo.PostAsync<OperatorView>("operators/some-viewer/disable", new Decision("on leave"));
        Assert.Equal("conflict", (await silo.ProblemAsync(silo.Operator, "operators", new OperatorRequest("some-viewer"))).Code);
        await silo.PostAsync<OperatorView>("operators/some-viewer/enable", new Decision("back"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await vera.GetAsync("mesh")).StatusCode);
        using var again = await silo.SignInAsync("viewer");
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("mesh")).StatusCode);
    }

    [Fact]
    public async Task The_last_admin_stays_admin_whoever_asks()
    {
        await using var silo = await RunningSilo.StartAsync();
        foreach (var verb in new[] { "disable", "remove" })
            Assert.Contains("last admin", (await silo.ProblemAsync(silo.Operator, $"operators/admin/{verb}", new Decision("why"))).Detail);
        using var demoted = await silo.Operator.PutAsJsonAsync("operators/admin/rights", new RightsChange([new("admin", ["oslo"])], "why"));
        Assert.Equal(HttpStatusCode.Conflict, demoted.StatusCode);
        using var second = await silo.SignInAsync("admin");
        // Two admins who put each other out at the same moment: one of them stays.
        var both = await Task.WhenAll(silo.Operator.PostAsJsonAsync("operators/some-admin/disable", new Decision("why")), second.PostAsJsonAsync("operators/admin/disable", new Decision("why")));
        Assert.Single(both, answer => answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Whoever_controls_the_machine_gets_in_though_no_admin_can()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var second = await silo.SignInAsync("admin");
        using var out1 = await second.PostAsJsonAsync("operators/admin/disable", new Decision("stolen laptop"));
        Assert.True(out1.IsSuccessStatusCode, await out1.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Operator.GetAsync("mesh")).StatusCode);
        await silo.Process.RenewCodeAsync(CancellationToken.None);
        using var anyone = silo.Client(null);
        var session = await (await anyone.PostAsJsonAsync("session", new SignIn(silo.Process.AdminCode))).Content.ReadFromJsonAsync<Session>();
        Assert.Equal(("admin", "admin"), (session!.Name, session.Role));
        var log = await second.GetFromJsonAsync<LogPage>("log/0/entries");
        Assert.Contains(log!.Entries, line => line.Actor == "admin" && line.Text.StartsWith("signed in with a code of the machine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_is_ended_by_its_person_or_an_admin_and_by_nobody_else()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("viewer");
        using var olga = await silo.SignInAsync("operator");
        var own = Assert.Single((await vera.GetFromJsonAsync<IReadOnlyList<SessionView>>("sessions"))!);
        Assert.True(own is { Current: true, How: "code", Name: "some-viewer" });
        Assert.Equal(HttpStatusCode.NotFound, (await olga.DeleteAsync($"sessions/{own.Id}")).StatusCode);
        Assert.Equal(3, (await silo.GetAsync<IReadOnlyList<SessionView>>("sessions")).Count);
        Assert.Equal(HttpStatusCode.NoContent, (await silo.Operator.DeleteAsync($"sessions/{own.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await vera.GetAsync("mesh")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await olga.GetAsync("mesh")).StatusCode);
    }

    [Fact]
    public async Task Sessions_and_codes_from_before_there_was_a_list_of_people_go_on()
    {
        await using var silo = await RunningSilo.StartAsync();
        silo.OnlyEmbedded("the rows are the same there");
        var book = await silo.Silo.Records.ReadAsync("operator-book", "people", CancellationToken.None);
        await silo.Silo.Records.DeleteAsync("operator-book", "people", book!.Version, CancellationToken.None);
        var (token, code) = (Secret.Create("tms_"), Secret.Create("tmc_"));
        var until = DateTimeOffset.UtcNow.AddHours(1).ToString("O");
        await silo.Silo.Records.WriteAsync("operator-session", Secret.Hash(token), 0, System.Text.Encoding.UTF8.GetBytes($$"""{"name":"old","role":"Operator","expiresAt":"{{until}}"}"""), CancellationToken.None);
        await silo.Silo.Records.WriteAsync("operator-code", Secret.Hash(code), 0, System.Text.Encoding.UTF8.GetBytes($$"""{"name":"new","role":"Admin","expiresAt":"{{until}}"}"""), CancellationToken.None);
        await silo.RestartAsync();
        using var old = silo.Client(token);
        Assert.Equal("operator", (await old.GetFromJsonAsync<Session>("session"))!.Role);
        using var anyone = silo.Client(null);
        Assert.Equal("admin", (await (await anyone.PostAsJsonAsync("session", new SignIn(code))).Content.ReadFromJsonAsync<Session>())!.Role);
    }

    [Fact]
    public async Task A43_A_list_of_people_that_cannot_be_read_lets_nobody_in_and_stops_no_device()
    {
        await using var silo = await RunningSilo.StartAsync();
        silo.OnlyEmbedded("the row is read by the same code there");
        using var device = await silo.JoinAsync();
        await silo.ReplaceAsync("operator-book", "people", "{\"operators\":[null"u8.ToArray());
        await silo.StopAsync();
        // It starts, and says what to do.
        var process = await TrustMesh.Host.SiloProcess.StartAsync(silo.Settings, new LogLines(), TimeProvider.System, CancellationToken.None);
        await using (process)
        {
            using var client = new HttpClient { BaseAddress = new(process.OperatorAddress, "/api/v1/") };
            using var answer = await client.PostAsJsonAsync("session", new SignIn(process.AdminCode));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            await device.ConnectAsync(process.DeviceAddress);
            await device.ProveAsync();
        }
    }

    [Theory]
    [InlineData("""{"grants":[],"reason":"x"}""")]
    [InlineData("""{"grants":[{"role":"king"}],"reason":"x"}""")]
    [InlineData("""{"grants":[{"role":"operator","sites":[]}],"reason":"x"}""")]
    [InlineData("""{"grants":[{"role":"operator","sites":["<b>"]}],"reason":"x"}""")]
    [InlineData("""{"grants":[{"role":"operator"}]}""")]
    [InlineData("""{"grants":[null],"reason":"x"}""")]
    [InlineData("""{"grants":[{"role":"operator"}],"reason":"a\nb"}""")]
    public async Task Rights_that_make_no_sense_are_refused(string body)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var answer = await silo.Operator.PutAsync("operators/admin/rights", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData(new[] { "viewer" }, "viewer")]
    [InlineData(new[] { "operator", "viewer" }, "operator")]
    [InlineData(new[] { "operator@b,a", "operator@a" }, "operator at a and b")]
    [InlineData(new[] { "operator", "operator@a", "approver@c" }, "operator, approver at c")]
    [InlineData(new[] { "admin@a", "viewer" }, "viewer, admin at a")]
    public void Grants_have_one_form(string[] asked, string text)
    {
        var rights = OperatorRights.Parse([.. asked.Select(one => one.Split('@') is [var role, var sites] ? new Grant(role, sites.Split(',')) : new Grant(one))], out _);
        Assert.Equal(text, rights!.Text);
    }

    private static async Task<TestDevice> JoinAtAsync(RunningSilo silo, string name, string site, bool autoApprove = true)
    {
        var device = new TestDevice(name);
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        var token = (await silo.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(1, 600, autoApprove, site))).Token!;
        var (result, code) = await device.EnrolAsync(token);
        Assert.True(result is not null, code);
        return device;
    }
}
