using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Host;

/// <summary>Revocations that need a second person, and every way round that.</summary>
public class SecondPersonTests
{
    [Fact]
    public async Task What_is_more_than_one_person_may_waits_for_another_and_is_done_when_they_approve()
    {
        await using var silo = await RunningSilo.StartAsync();
        await RuleAsync(silo, 1);
        await RevokingTests.EnrolAsync(silo, "oslo", "a", "b");
        using var olga = await silo.SignInAsync("operator");
        using var aksel = await silo.SignInAsync("approver", "oslo");
        var plan = await RevokingTests.PlanAsync(olga, "site:oslo");
        Assert.Contains("One person alone may revoke at most 1 within 24 h, and you have 1 left.", plan.SecondPerson);
        var waiting = await WaitingAsync(olga, plan, "two of them were stolen");
        Assert.Equal(("waiting", "some-operator", null, 2), (waiting.Request.State, waiting.Request.By, waiting.Request.DecidedBy, waiting.Request.Devices));
        Assert.Equal(TimeSpan.FromHours(24), waiting.Request.ExpiresAt - waiting.Request.At);
        Assert.All(waiting.Devices, device => Assert.Equal("waiting", device.Outcome));
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/a")).Device.Standing);

        var path = $"revocations/requests/{waiting.Request.Id}";
        using var answer = await aksel.PostAsJsonAsync($"{path}/approve", new RevocationApproval(plan.Digest, "I looked at both"));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var done = (await answer.Content.ReadFromJsonAsync<RevocationAct>())!;
        Assert.Equal(("done", "some-approver-oslo", 2, "I looked at both"), (done.Request.State, done.Request.DecidedBy, done.Request.Revoked, done.Request.Note));
        Assert.Equal(done.Request, (await aksel.GetFromJsonAsync<RevocationAct>(path))!.Request with { Sites = done.Request.Sites });
        // The device's own line names both, and so does the log.
        var line = (await silo.GetAsync<DeviceDetail>("devices/a")).Timeline[^1];
        Assert.Equal(("revoked", "asked by some-operator: two of them were stolen", "some-approver-oslo"), (line.Kind, line.Text, line.Actor));
        var log = (await silo.GetAsync<LogPage>("log/0/entries?limit=1000")).Entries;
        foreach (var (actor, begins) in new[] { ("some-operator", "asks to revoke 2 devices at oslo"), ("some-approver-oslo", "approves the revocation of 2 devices at oslo"), ("some-approver-oslo", "revoked 2 of 2") })
            Assert.Contains(log, one => one.Actor == actor && one.Text.StartsWith(begins, StringComparison.Ordinal));
        // A lost answer: the same person asks again and is told the same.
        Assert.Equal(HttpStatusCode.OK, (await aksel.PostAsJsonAsync($"{path}/approve", new RevocationApproval(plan.Digest))).StatusCode);
    }

    [Fact]
    public async Task A37_Nobody_but_an_approver_of_every_site_and_never_the_one_who_asked()
    {
        await using var silo = await RunningSilo.StartAsync();
        await RuleAsync(silo, 0);
        await RevokingTests.EnrolAsync(silo, "oslo", "a");
        await RevokingTests.EnrolAsync(silo, "bergen", "b");
        using var asks = await silo.SignInAsync("approver");
        var waiting = await WaitingAsync(asks, await RevokingTests.PlanAsync(asks, "site:oslo,bergen"));
        var (path, yes) = ($"revocations/requests/{waiting.Request.Id}", new RevocationApproval(waiting.Request.Digest));
        Assert.Contains("a second person has to approve", (await silo.ProblemAsync(asks, $"{path}/approve", yes)).Detail);
        using var viewer = await silo.SignInAsync("viewer");
        using var operates = await silo.SignInAsync("operator");
        using var half = await silo.SignInAsync("approver", "oslo");
        foreach (var client in new[] { viewer, operates, half })
        {
            Assert.Equal("forbidden", (await silo.ProblemAsync(client, $"{path}/approve", yes)).Code);
            Assert.Equal("forbidden", (await silo.ProblemAsync(client, $"{path}/reject", new Decision("no"))).Code);
        }
        Assert.Contains("needs approver for site bergen", (await silo.ProblemAsync(half, $"{path}/approve", yes)).Detail);
        // Yes to other devices than those is a yes to nothing.
        Assert.Equal("conflict", (await silo.ProblemAsync(silo.Operator, $"{path}/approve", yes with { Digest = new('0', 64) })).Code);
        Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, $"{path}/reject", new Decision(" "))).Code);
        Assert.Equal("not_found", (await silo.ProblemAsync(silo.Operator, "revocations/requests/nobody/approve", yes)).Code);
        Assert.Equal("waiting", (await viewer.GetFromJsonAsync<IReadOnlyList<RevocationRequest>>("revocations/requests"))![0].State);
        foreach (var name in new[] { "a", "b" }) Assert.Equal("active", (await silo.GetAsync<DeviceDetail>($"devices/{name}")).Device.Standing);
    }

    [Fact]
    public async Task Of_two_who_decide_at_once_one_wins_and_the_other_is_told()
    {
        await using var silo = await RunningSilo.StartAsync();
        await RuleAsync(silo, 0);
        await RevokingTests.EnrolAsync(silo, "oslo", [.. Enumerable.Range(0, 8).Select(i => $"device-{i}")]);
        using var olga = await silo.SignInAsync("operator");
        using var one = await silo.SignInAsync("approver");
        using var other = await silo.SignInAsync("approver", "oslo");
        for (var i = 0; i < 8; i++)
        {
            var waiting = await WaitingAsync(olga, await RevokingTests.PlanAsync(olga, $"name:device-{i}"));
            var path = $"revocations/requests/{waiting.Request.Id}";
            var yes = new RevocationApproval(waiting.Request.Digest);
            var answers = await Task.WhenAll(one.PostAsJsonAsync($"{path}/approve", yes), i % 2 == 0 ? other.PostAsJsonAsync($"{path}/approve", yes) : other.PostAsJsonAsync($"{path}/reject", new Decision("it is here")));
            Assert.Single(answers, answer => answer.IsSuccessStatusCode);
            foreach (var lost in answers.Where(answer => !answer.IsSuccessStatusCode))
                Assert.Matches("(approved|rejected) it already|at the same moment", (await lost.Content.ReadFromJsonAsync<Problem>())!.Detail);
            var after = await silo.GetAsync<RevocationAct>(path);
            var standing = (await silo.GetAsync<DeviceDetail>($"devices/device-{i}")).Device.Standing;
            Assert.Equal(after.Request.State == "done" ? "revoked" : "active", standing);
            Assert.Contains(after.Request.State, new[] { "done", "rejected" });
        }
    }

    [Fact]
    public async Task Is_rejected_with_a_reason_or_taken_back_and_is_over_after_a_day()
    {
        var time = new ShiftedTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        await RuleAsync(silo, 0);
        await RevokingTests.EnrolAsync(silo, "oslo", "a");
        using var olga = await silo.SignInAsync("operator");
        using var aksel = await silo.SignInAsync("approver");
        var plan = await RevokingTests.PlanAsync(olga, "site:oslo");
        var (first, second, third) = (await WaitingAsync(olga, plan), await WaitingAsync(olga, plan), await WaitingAsync(olga, plan));
        using var no = await aksel.PostAsJsonAsync($"revocations/requests/{first.Request.Id}/reject", new Decision("it is only in repair"));
        Assert.Equal("rejected", (await no.Content.ReadFromJsonAsync<RevocationAct>())!.Request.State);
        using var back = await olga.PostAsJsonAsync($"revocations/requests/{second.Request.Id}/reject", new Decision("found again"));
        Assert.Equal("some-operator", (await back.Content.ReadFromJsonAsync<RevocationAct>())!.Request.DecidedBy);
        foreach (var over in new[] { first, second })
            Assert.Contains("rejected it already", (await silo.ProblemAsync(silo.Operator, $"revocations/requests/{over.Request.Id}/approve", new RevocationApproval(plan.Digest))).Detail);
        time.Ahead = TimeSpan.FromHours(24);
        using var late = await SignInAgainAsync(silo);
        Assert.Contains("within 24 h", (await silo.ProblemAsync(late, $"revocations/requests/{third.Request.Id}/approve", new RevocationApproval(plan.Digest))).Detail);
        Assert.Equal(["expired", "rejected", "rejected"], (await late.GetFromJsonAsync<IReadOnlyList<RevocationRequest>>("revocations/requests"))!.Select(one => one.State).Order());
        Assert.Equal("active", (await late.GetFromJsonAsync<DeviceDetail>("devices/a"))!.Device.Standing);
        var log = (await late.GetFromJsonAsync<LogPage>("log/0/entries?limit=1000"))!.Entries;
        Assert.Contains(log, one => one.Actor == "some-approver" && one.Text.StartsWith("rejects the revocation of 1 device at oslo", StringComparison.Ordinal));
        Assert.Contains(log, one => one.Actor == "some-operator" && one.Text.StartsWith("takes back the revocation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_changed_while_it_waited_is_not_revoked_whoever_approves()
    {
        await using var silo = await RunningSilo.StartAsync();
        await RuleAsync(silo, 0);
        await RevokingTests.EnrolAsync(silo, "oslo", "same", "looked-at", "suspended");
        using var olga = await silo.SignInAsync("operator");
        var waiting = await WaitingAsync(olga, await RevokingTests.PlanAsync(olga, "site:oslo"));
        await RevokingTests.EnrolAsync(silo, "oslo", "newcomer");
        await silo.PostAsync<DeviceSummary>("devices/suspended/suspend", new Decision("odd"));
        // Back where it was, but somebody decided about it meanwhile.
        await silo.PostAsync<DeviceSummary>("devices/looked-at/suspend", new Decision("odd"));
        await silo.PostAsync<DeviceSummary>("devices/looked-at/resume", new Decision("it is fine"));
        var path = $"revocations/requests/{waiting.Request.Id}";
        Assert.Equal(["looked-at waiting", "same waiting", "suspended changed"], (await silo.GetAsync<RevocationAct>(path)).Devices.Select(one => $"{one.Name} {one.Outcome}"));
        var done = await silo.PostAsync<RevocationAct>($"{path}/approve", new RevocationApproval(waiting.Request.Digest));
        Assert.Equal(["looked-at changed", "same revoked", "suspended changed"], done.Devices.Select(one => $"{one.Name} {one.Outcome}"));
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/newcomer")).Device.Standing);
    }

    [Fact]
    public async Task A37_Many_small_acts_and_single_revocations_count_as_what_they_are()
    {
        var time = new ShiftedTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        await RuleAsync(silo, 3, hours: 2);
        await RevokingTests.EnrolAsync(silo, "oslo", "a", "b", "c", "d", "e", "f");
        await RevokingTests.EnrolAsync(silo, "oslo", TrustMesh.Wire.Messages.Standing.Pending, "new");
        using var olga = await silo.SignInAsync("approver");
        await RevokingTests.DoneAsync(olga, await RevokingTests.PlanAsync(olga, "name:a,b"));
        // A decision that comes to nothing costs nothing, and neither does one that was made already.
        using var stale = new HttpRequestMessage(HttpMethod.Post, "devices/c/revoke") { Content = JsonContent.Create(new Decision("why")) };
        stale.Headers.TryAddWithoutValidation("If-Match", "\"99\"");
        Assert.Equal(HttpStatusCode.Conflict, (await olga.SendAsync(stale)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await olga.PostAsJsonAsync("devices/a/revoke", new Decision("again"))).StatusCode);
        Assert.Equal(1, (await olga.GetFromJsonAsync<RevocationRule>("revocations/rule"))!.Left);
        // Eight at once for the one that is left: one gets it.
        var crowd = await Task.WhenAll(new[] { "c", "d", "e", "f", "c", "d", "e", "f" }.Select(name => olga.PostAsJsonAsync($"devices/{name}/revoke", new Decision("one by one"))));
        Assert.Single((await silo.GetAsync<DevicePage>("devices?q=standing:active")).Items.Count is 3 ? new[] { 1 } : []);
        Assert.Contains("A second person", (await crowd.First(answer => answer.StatusCode == HttpStatusCode.Conflict).Content.ReadFromJsonAsync<Problem>())!.Detail);
        var rest = await RevokingTests.PlanAsync(olga, "standing:active");
        Assert.Equal(HttpStatusCode.Accepted, (await RevokingTests.OrderAsync(olga, rest)).StatusCode);
        // Who was never in is turned away as before; another person has their own; and after two hours it is as at first.
        Assert.Equal(HttpStatusCode.OK, (await olga.PostAsJsonAsync("devices/new/revoke", new Decision("nobody knows it"))).StatusCode);
        Assert.Equal(3, (await silo.GetAsync<RevocationRule>("revocations/rule")).Left);
        time.Ahead = TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1);
        Assert.Equal(3, (await olga.GetFromJsonAsync<RevocationRule>("revocations/rule"))!.Left);
    }

    [Fact]
    public async Task The_rule_is_an_admins_and_what_it_was_and_why_is_in_the_log()
    {
        await using var silo = await RunningSilo.StartAsync();
        Assert.Equal(new RevocationRule(null, 24), await silo.GetAsync<RevocationRule>("revocations/rule"));
        using var approver = await silo.SignInAsync("approver");
        using var refused = await approver.PutAsJsonAsync("revocations/rule", new RevocationRuleUpdate(5, 24, "why"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        foreach (var wrong in new[] { new RevocationRuleUpdate(-1, 24, "why"), new(1001, 24, "why"), new(5, 0, "why"), new(5, 169, "why"), new(5, 24, "") })
            Assert.Equal(HttpStatusCode.BadRequest, (await silo.Operator.PutAsJsonAsync("revocations/rule", wrong)).StatusCode);
        await RuleAsync(silo, 5);
        await silo.RestartAsync();
        Assert.Equal(new RevocationRule(5, 24, 5), await silo.GetAsync<RevocationRule>("revocations/rule"));
        Assert.Contains((await silo.GetAsync<LogPage>("log/0/entries?limit=1000")).Entries, line => line is { Actor: "admin", Text: "second person for revocations: was not needed, is needed after 5 devices within 24 h; two people for many" });
    }

    private static async Task RuleAsync(RunningSilo silo, int moreThan, int hours = 24)
    {
        using var answer = await silo.Operator.PutAsJsonAsync("revocations/rule", new RevocationRuleUpdate(moreThan, hours, "two people for many"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<RevocationAct> WaitingAsync(HttpClient client, RevocationPlan plan, string reason = "stolen")
    {
        using var answer = await RevokingTests.OrderAsync(client, plan, reason);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<RevocationAct>())!;
    }

    /// <summary>The sessions of before may be over by the clock.</summary>
    private static async Task<HttpClient> SignInAgainAsync(RunningSilo silo)
    {
        await silo.RestartAsync();
        return silo.Client(silo.Token);
    }
}
