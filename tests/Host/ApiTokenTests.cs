using System.Net;
using System.Net.Http.Json;
using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Tests.Cli;

namespace TrustMesh.Tests.Host;

/// <summary>API tokens by the API and in a shell: made, used, listed, revoked.</summary>
public class ApiTokenTests
{
    [Fact]
    public async Task A_token_is_made_with_its_line_used_under_its_own_name_and_revoked_with_its_line()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("press-1");
        var made = await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("ticket-system", [new("viewer"), new("operator", ["oslo", "bergen"])], 7200, "opens tickets"));
        Assert.Equal(("ticket-system", ApiTokenView.Active, "admin", 2), (made.Token.Name, made.Token.State, made.Token.CreatedBy, made.Token.Grants.Count));
        Assert.Equal(TimeSpan.FromHours(2), made.Token.ExpiresAt - made.Token.CreatedAt);
        Assert.True(made.Token.EndsSoon(DateTimeOffset.UtcNow));
        using var machine = silo.Client(made.Secret);
        using var suspended = await machine.PostAsJsonAsync("devices/press-1/suspend", new Decision("ticket 42"));
        Assert.True(suspended.StatusCode == HttpStatusCode.Forbidden, "it is at another site");
        await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("anywhere", [new("operator")]));
        using var stream = await machine.GetAsync("events", HttpCompletionOption.ResponseHeadersRead);
        var until = DateTimeOffset.UtcNow.AddSeconds(20);
        while ((await silo.GetAsync<IReadOnlyList<ApiTokenView>>("api-tokens")).Single(one => one.Name == "ticket-system").UsedAt is null) Assert.True(DateTimeOffset.UtcNow < until, "its use was not noted");

        var revoked = await silo.PostAsync<ApiTokenView>("api-tokens/ticket-system/revoke", new Decision("the system is gone"));
        Assert.Equal((ApiTokenView.Revoked, "admin"), (revoked.State, revoked.RevokedBy));
        using var refused = await machine.GetAsync("mesh");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("The API token ticket-system was revoked. An admin makes a new one.", (await refused.Content.ReadFromJsonAsync<Problem>())!.Detail);
        // What it had open ends by itself.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await stream.Content.ReadAsStringAsync(limit.Token);
        Assert.Equal(HttpStatusCode.Conflict, (await silo.Operator.PostAsJsonAsync("api-tokens/ticket-system/revoke", new Decision("again"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Operator.PostAsJsonAsync("api-tokens/nobody/revoke", new Decision("why"))).StatusCode);
        var log = (await silo.GetAsync<LogPage>("log/0/entries?limit=1000")).Entries.Where(line => line.Text.Contains("API token ticket-system", StringComparison.Ordinal)).Select(line => (line.Actor, line.Text)).ToList();
        Assert.Equal(
            [("admin", $"made API token ticket-system, viewer, operator at bergen and oslo, until {made.Token.ExpiresAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z; opens tickets"), ("admin", "revoked API token ticket-system, made by admin; the system is gone")],
            log.OrderBy(line => line.Text, StringComparer.Ordinal));
        await silo.RestartAsync();
        using var still = silo.Client(made.Secret);
        Assert.Equal(HttpStatusCode.Unauthorized, (await still.GetAsync("mesh")).StatusCode);
        Assert.Equal(2, (await silo.GetAsync<IReadOnlyList<ApiTokenView>>("api-tokens")).Count);
    }

    [Fact]
    public async Task What_a_token_does_is_told_as_a_tokens_and_a_person_of_its_name_is_somebody_else()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("press-1");
        using var person = await silo.SignInAsync("operator");
        using var machine = silo.Client((await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("some-operator", [new("operator")]))).Secret);
        using var saved = await machine.PutAsJsonAsync("queries/mine", new SavedQueryUpdate("site:oslo"));
        Assert.Equal("token some-operator", (await saved.Content.ReadFromJsonAsync<SavedQuery>())!.By);
        using var suspended = await machine.PostAsJsonAsync("devices/press-1/suspend", new Decision("ticket 42"));
        Assert.True(suspended.IsSuccessStatusCode, await suspended.Content.ReadAsStringAsync());
        Assert.Equal("token some-operator", (await silo.GetAsync<DeviceDetail>("devices/press-1")).Timeline[^1].Actor);
        Assert.Contains((await silo.GetAsync<LogPage>("log/0/entries?limit=1000")).Entries, line => line is { Actor: "token some-operator" } && line.Text.StartsWith("saved the query mine", StringComparison.Ordinal));
        // Nobody can be called so.
        Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "operators", new OperatorRequest("token some-operator", "viewer"))).Code);
        // And the person's sessions are the person's.
        Assert.Single((await person.GetFromJsonAsync<IReadOnlyList<SessionView>>("sessions"))!);
    }

    [Theory]
    [InlineData("", 7200, "viewer", null)]
    [InlineData("token x", 7200, "viewer", null)]
    [InlineData("<b>x</b>", 7200, "viewer", null)]
    [InlineData("\u202egpj", 7200, "viewer", null)]
    [InlineData("a_b", 7200, "viewer", null)]
    [InlineData("../operators", 7200, "viewer", null)]
    [InlineData("ci", 3599, "viewer", null)]
    [InlineData("ci", (366 * 86_400) + 1, "viewer", null)]
    [InlineData("ci", -1, "viewer", null)]
    [InlineData("ci", 7200, "god", null)]
    [InlineData("ci", 7200, "viewer", "two\nlines")]
    public async Task A44_A_request_that_is_wrong_makes_no_token(string name, int ttl, string role, string? reason)
    {
        await using var silo = await RunningSilo.StartAsync();
        Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "api-tokens", new ApiTokenRequest(name, [new(role)], ttl, reason))).Code);
        Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "api-tokens", new ApiTokenRequest(new string('a', 64), [new("viewer")]))).Code);
        Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "api-tokens", new ApiTokenRequest("ci", []))).Code);
        using var odd = await silo.Operator.PostAsync($"api-tokens/{Uri.EscapeDataString(name.Length == 0 ? "\u0007" : name)}/revoke", JsonContent.Create(new Decision("why")));
        Assert.Equal(HttpStatusCode.NotFound, odd.StatusCode);
        Assert.Empty(await silo.GetAsync<IReadOnlyList<ApiTokenView>>("api-tokens"));
    }

    [Fact]
    public async Task Tokens_stop_with_the_person_who_made_them_and_the_list_of_people_says_which()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var ada = await silo.SignInAsync("admin");
        using var answer = await ada.PostAsJsonAsync("api-tokens", new ApiTokenRequest("ci", [new("viewer")]));
        using var machine = silo.Client((await answer.Content.ReadFromJsonAsync<ApiTokenMade>())!.Secret);
        Assert.Equal(HttpStatusCode.OK, (await machine.GetAsync("mesh")).StatusCode);
        Assert.Equal(["ci"], (await silo.GetAsync<IReadOnlyList<OperatorView>>("operators")).Single(one => one.Name == "some-admin").ApiTokens!);
        await silo.PostAsync<OperatorView>("operators/some-admin/disable", new Decision("left"));
        using var refused = await machine.GetAsync("mesh");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("who made it is disabled or off the list", (await refused.Content.ReadFromJsonAsync<Problem>())!.Detail);
        Assert.Equal(ApiTokenView.Stopped, Assert.Single(await silo.GetAsync<IReadOnlyList<ApiTokenView>>("api-tokens")).State);
        await silo.PostAsync<OperatorView>("operators/some-admin/enable", new Decision("back"));
        Assert.Equal(HttpStatusCode.OK, (await machine.GetAsync("mesh")).StatusCode);
    }

    [Fact]
    public async Task A47_The_text_of_a_token_is_in_no_log_and_in_no_row_and_a_stranger_hears_what_every_stranger_hears()
    {
        using var lines = new LogLines();
        await using var silo = await RunningSilo.StartAsync(loggers: lines);
        var made = await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("ci", [new("viewer")]));
        await silo.PostAsync<ApiTokenView>("api-tokens/ci/revoke", new Decision("tried"));
        var heard = new HashSet<string>();
        foreach (var text in (string?[])[null, "tms_" + new string('A', 43), "tma_ci_" + new string('A', 43), "tma_nobody_" + new string('A', 43), made.Secret + "A"])
        {
            using var stranger = silo.Client(text);
            using var answer = await stranger.GetAsync("mesh");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            heard.Add((await answer.Content.ReadFromJsonAsync<Problem>())!.Detail!);
        }
        Assert.Single(heard);
        Assert.All(lines.All, line => Assert.DoesNotContain(made.Secret[^43..], line, StringComparison.Ordinal));
        Assert.Equal(-1, (await silo.StoredAsync()).AsSpan().IndexOf(Encoding.ASCII.GetBytes(made.Secret[^43..])));
    }

    [Fact]
    public async Task A43_A_damaged_token_is_named_and_the_silo_goes_on()
    {
        using var lines = new LogLines();
        await using var silo = await RunningSilo.StartAsync(loggers: lines);
        var ci = await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("ci", [new("viewer")]));
        var other = await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("other", [new("viewer")]));
        await silo.ReplaceAsync("api-token", "ci", "{\"hash\":"u8.ToArray());
        await silo.RestartAsync();
        using var broken = silo.Client(ci.Secret);
        using var whole = silo.Client(other.Secret);
        Assert.Equal(HttpStatusCode.Unauthorized, (await broken.GetAsync("mesh")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await whole.GetAsync("mesh")).StatusCode);
        Assert.Equal([("ci", ApiTokenView.Unreadable), ("other", ApiTokenView.Active)], (await silo.GetAsync<IReadOnlyList<ApiTokenView>>("api-tokens")).Select(one => (one.Name, one.State)));
        Assert.Contains(lines.All, line => line.Contains("The stored API token 'ci' cannot be read", StringComparison.Ordinal));
        await silo.PostAsync<ApiTokenView>("api-tokens/ci/revoke", new Decision("damaged"));
        Assert.Contains((await silo.GetAsync<LogPage>("log/0/entries?limit=1000")).Entries, line => line.Text == "revoked API token ci, whose stored row could not be read; damaged");
        Assert.Single(await silo.GetAsync<IReadOnlyList<ApiTokenView>>("api-tokens"));
    }

    [Fact]
    public async Task In_a_shell_an_admin_makes_a_token_into_a_file_a_job_works_with_it_and_is_told_why_when_it_does_not()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("press-1");
        var address = silo.Process.OperatorAddress.GetLeftPart(UriPartial.Authority);
        var admin = new CliRun { Input = (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ada", "admin"))).Code + "\n", ["TRUSTMESH_SILO"] = address };
        Assert.Equal(0, await admin.RunAsync("sign-in"));
        var file = Path.Combine(admin.Home, "job.token");
        Assert.True(await admin.RunAsync("api-token", "create", "job", "operator@bergen", "--ttl", "7d", "-o", file, "--reason", "nightly") == 0, admin.Error);
        Assert.Equal(("", UnixFileMode.UserRead | UnixFileMode.UserWrite), (admin.Output, File.GetUnixFileMode(file)));
        var secret = (await File.ReadAllTextAsync(file)).Trim();
        Assert.StartsWith("tma_job_", secret);
        Assert.DoesNotContain(secret, admin.Error, StringComparison.Ordinal);
        Assert.Equal(0, await admin.RunAsync("api-token", "list"));
        Assert.Contains("job\texpires soon\toperator@bergen\t", admin.Output, StringComparison.Ordinal);

        // A job has a home without a session, and the token's file.
        var job = new CliRun { ["TRUSTMESH_SILO"] = address, ["TRUSTMESH_API_TOKEN_FILE"] = file };
        Assert.True(await job.RunAsync("device", "list") == 0, job.Error);
        Assert.Contains("press-1", job.Output, StringComparison.Ordinal);
        Assert.Equal(0, await job.RunAsync("session-header"));
        Assert.Equal($"Authorization: Bearer {secret}\n", job.Output);
        Assert.Equal(4, await job.RunAsync("device", "suspend", "press-1", "--reason", "why"));
        Assert.Contains("This needs operator", job.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Sign in with an account", job.Error, StringComparison.Ordinal);
        Assert.Equal(4, await job.RunAsync("api-token", "list"));
        Assert.Contains("This is for people", job.Error, StringComparison.Ordinal);

        Assert.Equal(0, await admin.RunAsync("api-token", "revoke", "job", "--reason", "over"));
        Assert.Equal(4, await job.RunAsync("device", "list"));
        Assert.Contains("The API token job was revoked.", job.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, job.Error, StringComparison.Ordinal);
        job["TRUSTMESH_API_TOKEN_FILE"] = null;
        job["TRUSTMESH_API_TOKEN"] = "tma_job_" + new string('A', 43);
        Assert.Equal(4, await job.RunAsync("device", "list"));
        Assert.Contains("does not know this API token", job.Error, StringComparison.Ordinal);
        // With --json and on standard output, for what has neither.
        Assert.Equal(0, await admin.RunAsync("api-token", "create", "other", "viewer"));
        Assert.StartsWith("tma_other_", admin.Output);
        Assert.Equal(0, await admin.RunAsync("api-token", "create", "third", "viewer", "--json"));
        Assert.Contains("\"secret\":\"tma_third_", admin.Output, StringComparison.Ordinal);
    }
}
