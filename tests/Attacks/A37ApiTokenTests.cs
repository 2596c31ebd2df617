using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Host.Operator;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Attacks;

/// <summary>What API tokens may call is decided for every route, and closed where it is not.</summary>
public class A37ApiTokenTests
{
    /// <summary>
    /// Every route there is, but those for anybody: open to tokens with the role, or for people. A new one is closed, and this fails until somebody has decided
    /// and written it here.
    /// </summary>
    private static readonly string[] Closed =
    [
        "DELETE /api/v1/session", "DELETE /api/v1/session/passkeys/{passkey}", "DELETE /api/v1/session/pins", "DELETE /api/v1/session/pins/{device}", "DELETE /api/v1/sessions/{session}",
        "GET /api/v1/api-tokens", "GET /api/v1/operators", "GET /api/v1/operators/groups", "GET /api/v1/session/passkeys", "GET /api/v1/session/pins", "GET /api/v1/sessions",
        "POST /api/v1/api-tokens", "POST /api/v1/api-tokens/{name}/revoke", "POST /api/v1/operators", "POST /api/v1/operators/{name}/disable", "POST /api/v1/operators/{name}/enable",
        "POST /api/v1/operators/{name}/remove", "POST /api/v1/revocations", "POST /api/v1/revocations/plan", "POST /api/v1/revocations/requests/{id}/approve", "POST /api/v1/revocations/requests/{id}/reject",
        "POST /api/v1/session/passkeys", "POST /api/v1/session/passkeys/options", "PUT /api/v1/operators/{name}/rights", "PUT /api/v1/revocations/rule", "PUT /api/v1/session/pins/{device}",
    ];

    private static readonly string[] Open =
    [
        "DELETE /api/v1/alerts/rules/{name}", "DELETE /api/v1/alerts/silences/{silence}", "DELETE /api/v1/enroll/rules/{name}", "DELETE /api/v1/enroll/tokens/{id}", "DELETE /api/v1/queries/{name}",
        "DELETE /api/v1/webhooks/{name}", "GET /api/v1/alerts", "GET /api/v1/alerts/counts", "GET /api/v1/alerts/rules", "GET /api/v1/alerts/rules/{name}", "GET /api/v1/alerts/silences",
        "GET /api/v1/authority", "GET /api/v1/devices", "GET /api/v1/devices/{id}", "GET /api/v1/devices/{id}/enrolment", "GET /api/v1/devices/{id}/evidence", "GET /api/v1/devices/{id}/evidence/decoded",
        "GET /api/v1/devices/{id}/result", "GET /api/v1/edges", "GET /api/v1/edges/{from}/{to}", "GET /api/v1/enroll/rules", "GET /api/v1/enroll/tokens", "GET /api/v1/events", "GET /api/v1/events/recent", "GET /api/v1/graph",
        "GET /api/v1/graph/feed", "GET /api/v1/history", "GET /api/v1/log", "GET /api/v1/log/entries", "GET /api/v1/log/{number}/checkpoint", "GET /api/v1/log/{number}/entries", "GET /api/v1/log/{number}/proof",
        "GET /api/v1/log/{number}/tile/{**path}", "GET /api/v1/mesh", "GET /api/v1/policy", "GET /api/v1/policy/versions", "GET /api/v1/policy/versions/{version}", "GET /api/v1/queries", "GET /api/v1/queries/{name}",
        "GET /api/v1/references", "GET /api/v1/references/outliers", "GET /api/v1/revocations", "GET /api/v1/revocations/history", "GET /api/v1/revocations/propagation", "GET /api/v1/revocations/requests",
        "GET /api/v1/revocations/requests/{id}", "GET /api/v1/revocations/rule", "GET /api/v1/sbom", "GET /api/v1/session", "GET /api/v1/settings", "GET /api/v1/silos", "GET /api/v1/silos/{name}", "GET /api/v1/sites", "GET /api/v1/webhooks",
        "GET /api/v1/webhooks/{name}/deliveries", "PATCH /api/v1/devices/{id}/tags", "POST /api/v1/alerts/silences", "POST /api/v1/alerts/{id}/acknowledge", "POST /api/v1/devices/decide",
        "POST /api/v1/devices/tags", "POST /api/v1/devices/{id}/approve", "POST /api/v1/devices/{id}/attest", "POST /api/v1/devices/{id}/resume", "POST /api/v1/devices/{id}/revoke", "POST /api/v1/devices/{id}/suspend",
        "POST /api/v1/edges/{from}/{to}/examine", "POST /api/v1/enroll/rules/test", "POST /api/v1/enroll/tokens", "POST /api/v1/policy/simulate", "POST /api/v1/references/learn", "POST /api/v1/webhooks",
        "POST /api/v1/webhooks/{name}/deliveries/{delivery}/resend", "POST /api/v1/webhooks/{name}/rotate", "POST /api/v1/webhooks/{name}/test", "PUT /api/v1/alerts/rules/{name}",
        "PUT /api/v1/enroll/rules/{name}", "PUT /api/v1/policy", "PUT /api/v1/queries/{name}",
    ];

    [Fact]
    public async Task A37_Every_route_is_decided_for_API_tokens_and_an_admins_token_gets_through_no_other()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        using var token = silo.Client((await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("all", [new("admin")]))).Secret);
        List<string> open = [], closed = [];
        foreach (var (method, path, access, machines) in Routes(silo.Process.OperatorRoutes))
        {
            // For anybody, signed in or not: who carries what is not looked at.
            if (access!.Least is null) continue;
            var allowed = machines is { Allowed: true };
            (allowed ? open : closed).Add($"{method} {path}");
            using var request = new HttpRequestMessage(new(method), new Uri(token.BaseAddress!, path.Replace("{id}", "device-1", StringComparison.Ordinal).Replace("{from}", "device-1", StringComparison.Ordinal).Replace("{number}", "0", StringComparison.Ordinal)));
            if (method != "GET") request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            using var answer = await token.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (allowed) Assert.False(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{method} {path}: {answer.StatusCode}");
            else
            {
                Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path}: {answer.StatusCode}");
                Assert.Contains("This is for people: an API token cannot do it whatever its role, and token all is one.", (await answer.Content.ReadFromJsonAsync<Problem>())!.Detail);
            }
            // Whatever is about people and how they come in is closed, also what nobody has thought of yet; asking who one is tells nothing of others.
            if (!allowed || path == "/api/v1/session") continue;
            foreach (var word in (string[])["session", "operator", "passkey", "oidc", "api-token", "pins"]) Assert.DoesNotContain(word, path, StringComparison.Ordinal);
        }
        Assert.Equal(Closed.Order(StringComparer.Ordinal), closed.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Open.Order(StringComparer.Ordinal), open.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A37_A_viewers_token_does_no_more_than_a_viewer_and_one_of_a_site_nothing_elsewhere()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("press-1");
        using var viewer = silo.Client((await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("looks", [new("viewer")]))).Secret);
        using var elsewhere = silo.Client((await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("elsewhere", [new("operator", ["bergen"])]))).Secret);
        foreach (var (client, name) in new[] { (viewer, "looks is viewer"), (elsewhere, "elsewhere is operator at bergen") })
        {
            var problem = await silo.ProblemAsync(client, "devices/press-1/suspend", new Decision("why"));
            Assert.Equal("forbidden", problem.Code);
            Assert.Contains($"token {name}", problem.Detail);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("devices/press-1")).StatusCode);
        }
        var session = await elsewhere.GetFromJsonAsync<Session>("session");
        Assert.Equal(("token elsewhere", "viewer", "token"), (session!.Name, session.Role, session.How));
    }

    [Fact]
    public async Task A37_A_token_is_neither_first_nor_second_of_two_people_who_revoke()
    {
        await using var silo = await RunningSilo.StartAsync();
        await RevokingTests.EnrolAsync(silo, "oslo", "a", "b", "c");
        using var machine = silo.Client((await silo.PostAsync<ApiTokenMade>("api-tokens", new ApiTokenRequest("helper", [new("admin")]))).Secret);
        // Where nobody counts, one at a time is a right like others.
        using var alone = await machine.PostAsJsonAsync("devices/c/revoke", new Decision("scrapped"));
        Assert.True(alone.IsSuccessStatusCode, await alone.Content.ReadAsStringAsync());
        Assert.Equal("token helper", (await silo.GetAsync<DeviceDetail>("devices/c")).Timeline[^1].Actor);
        await silo.PutAsync("revocations/rule", new RevocationRuleUpdate(1, 24, "two of us"));
        Assert.Equal((1, 0), ((await machine.GetFromJsonAsync<RevocationRule>("revocations/rule"))!.MoreThan, (await machine.GetFromJsonAsync<RevocationRule>("revocations/rule"))!.Left));
        Assert.Contains("an API token is no person", (await silo.ProblemAsync(machine, "devices/a/revoke", new Decision("why"))).Detail);
        var plan = await RevokingTests.PlanAsync(silo.Operator, "site:oslo -status:revoked");
        var order = new RevocationOrder(plan.Digest, [.. plan.Devices.Select(one => new PlanTarget(one.Id, one.Mark))], "why");
        Assert.Contains("This is for people", (await silo.ProblemAsync(machine, "revocations", order)).Detail);
        var waiting = await silo.PostAsync<RevocationAct>("revocations", order);
        Assert.Equal("waiting", waiting.Request.State);
        Assert.Contains("This is for people", (await silo.ProblemAsync(machine, $"revocations/requests/{waiting.Request.Id}/approve", new RevocationApproval(plan.Digest))).Detail);
        Assert.Contains("This is for people", (await silo.ProblemAsync(machine, $"revocations/requests/{waiting.Request.Id}/reject", new Decision("no"))).Detail);
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/a")).Device.Standing);
        // What can be taken back it does.
        using var suspended = await machine.PostAsJsonAsync("devices/a/suspend", new Decision("looks odd"));
        Assert.True(suspended.IsSuccessStatusCode, await suspended.Content.ReadAsStringAsync());
    }

    private static IEnumerable<(string Method, string Path, Access? Access, Machines? Machines)> Routes(IEnumerable<Endpoint> endpoints)
    {
        foreach (var route in endpoints.OfType<RouteEndpoint>())
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                yield return (method, "/" + route.RoutePattern.RawText!.TrimStart('/'), route.Metadata.GetMetadata<Access>(), route.Metadata.GetMetadata<Machines>());
    }
}
