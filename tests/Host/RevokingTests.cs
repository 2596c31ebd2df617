using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Revoking;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>Revoking many devices as one act: plan, act, and sending it again. A second person is in <see cref="SecondPersonTests"/>.</summary>
public class RevokingTests
{
    [Fact]
    public async Task A_plan_says_who_goes_who_loses_examiners_and_which_sites_fall_below_quorum()
    {
        await using var silo = await RunningSilo.StartAsync();
        var devices = new List<TestDevice>();
        foreach (var name in new[] { "a", "b", "c", "d" }) devices.Add(await silo.JoinAsync(name));
        var (a, b, c, d) = (devices[0], devices[1], devices[2], devices[3]);
        foreach (var (at, device) in devices.Index())
        {
            await device.ProveAsync();
            await new TestWatcher(device, silo) { Addresses = [$"10.0.0.{at + 1}:7444"] }.NextAsync();
        }
        await JudgeAsync(a, c, d);
        await JudgeAsync(b, c);
        await JudgeAsync(c, d);
        using var quorum = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(Quorum: 2));
        Assert.True(quorum.IsSuccessStatusCode);

        var plan = await PlanAsync(silo.Operator, "name:a,b");
        Assert.Equal(["a", "b"], plan.Devices.Select(device => device.Name));
        Assert.Equal(PlanMarks.Digest(plan.Devices.Select(device => new PlanTarget(device.Id, device.Mark))), plan.Digest);
        Assert.Equal(["c alone 2>0, then 1", "d below-promise 2>1, then 1"], plan.Hits.Select(hit => $"{hit.Name} {hit.Loss} {hit.Examiners}>{hit.Left}, then {hit.Assigned}"));
        Assert.Equal([a.Id.Text, b.Id.Text], plan.Hits[0].By.OrderBy(id => id == a.Id.Text ? 0 : 1));
        Assert.Equal((1, 1, 0, 2, 2), (plan.Alone, plan.BelowPromise, plan.BelowQuorum, plan.Quorum, plan.Promised));
        Assert.Equal(new PlanSite("lab", 4, 2, 2, 2), Assert.Single(plan.Sites));
        Assert.Equal((true, null, 0), (plan.Yours, plan.SecondPerson, plan.Already));

        // Asking changes nothing, and a proof in between is no other device.
        await a.ProveAsync();
        Assert.Equal(plan.Digest, (await PlanAsync(silo.Operator, "name:a,b")).Digest);
        Assert.All(await silo.GetAsync<DevicePage>("devices") is var page ? page.Items : [], device => Assert.Equal("active", device.Standing));
        foreach (var device in devices) device.Dispose();
    }

    [Fact]
    public async Task A37_A_viewer_may_look_and_whoever_has_one_site_gets_a_plan_of_that_site()
    {
        await using var silo = await RunningSilo.StartAsync();
        await EnrolAsync(silo, "oslo", "o-1", "o-2");
        await EnrolAsync(silo, "bergen", "b-1");
        await EnrolAsync(silo, "oslo", Standing.Pending, "o-new");
        await EnrolAsync(silo, "oslo", "o-gone");
        await silo.PostAsync<DeviceSummary>("devices/o-gone/revoke", new Decision("scrapped"));
        using var viewer = await silo.SignInAsync("viewer");
        using var olga = await silo.SignInAsync("operator", "oslo");

        var looked = await PlanAsync(viewer, "site:oslo,bergen");
        Assert.Equal((false, 4, 1, 4), (looked.Yours, looked.Devices.Count, looked.Already, looked.BeyondTotal));
        Assert.Equal(HttpStatusCode.Forbidden, (await OrderAsync(viewer, looked)).StatusCode);

        var hers = await PlanAsync(olga, "site:oslo,bergen");
        Assert.Equal(["o-1", "o-2"], hers.Devices.Select(device => device.Name));
        Assert.Equal(["b-1: operator for site bergen", "o-new: approver for site oslo"], hers.Beyond.Select(one => $"{one.Name}: {one.Missing}"));
        // Whoever sends more than is theirs has nothing done at all.
        var refused = await silo.ProblemAsync(olga, "revocations", Order(looked));
        Assert.Equal(("forbidden", true), (refused.Code, refused.Detail!.Contains("operator for site bergen", StringComparison.Ordinal)));
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/o-1")).Device.Standing);

        var done = await DoneAsync(olga, hers);
        Assert.Equal(["o-1 revoked", "o-2 revoked"], done.Devices.Select(one => $"{one.Name} {one.Outcome}"));
        Assert.Equal(("done", 2, 0, "some-operator-oslo"), (done.Request.State, done.Request.Revoked, done.Request.Failed, done.Request.DecidedBy));
    }

    [Fact]
    public async Task Many_are_revoked_with_few_lists_and_each_is_in_the_log()
    {
        await using var silo = await RunningSilo.StartAsync();
        string[] names = [.. Enumerable.Range(0, 120).Select(i => $"press-{i:d3}")];
        await EnrolAsync(silo, "oslo", names);
        await EnrolAsync(silo, "bergen", "stays");
        var before = (await silo.GetAsync<RevocationView>("revocations")).Serial;
        var done = await DoneAsync(silo.Operator, await PlanAsync(silo.Operator, "site:oslo"), "hall 3 burned down");
        Assert.All(done.Devices, device => Assert.Equal("revoked", device.Outcome));
        Assert.Equal((120, 120), (done.Request.Devices, done.Request.Revoked));
        var list = await silo.GetAsync<RevocationView>("revocations");
        // Answered when the list in force says it, and not with a list for each.
        Assert.Equal((120, done.Serial), (list.Devices.Count, list.Serial));
        Assert.InRange(list.Serial - before, 1, 12);
        Assert.All(list.Devices, device => Assert.Equal("hall 3 burned down", device.Reason));
        // A cluster has several logs.
        var entries = new List<LogEntryView>();
        for (var number = 0; number < (await silo.GetAsync<IReadOnlyList<LogView>>("log")).Count; number++) entries.AddRange((await silo.GetAsync<LogPage>($"log/{number}/entries?limit=1000")).Entries);
        Assert.Equal(names, entries.Where(line => line is { Kind: "revoked", Actor: "admin", Text: "hall 3 burned down" }).Select(line => line.Name).Order());
        Assert.Contains(entries, line => line.Text == $"revokes 120 devices at oslo, request {done.Request.Id}, digest {done.Request.Digest}; hall 3 burned down" || line.Text.EndsWith("(1/2)", StringComparison.Ordinal));
        Assert.Contains(entries, line => line.Text == $"revoked 120 of 120 devices of request {done.Request.Id}");
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/stays")).Device.Standing);
    }

    [Fact]
    public async Task Sent_again_after_a_lost_answer_it_is_the_same_act()
    {
        await using var silo = await RunningSilo.StartAsync();
        await EnrolAsync(silo, "oslo", "a", "b");
        var plan = await PlanAsync(silo.Operator, "site:oslo");
        var order = Order(plan) with { Request = "night-shift-1" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => silo.Operator.PostAsJsonAsync("revocations", order)));
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        await silo.RestartAsync();
        var again = (await (await silo.Operator.PostAsJsonAsync("revocations", order)).Content.ReadFromJsonAsync<RevocationAct>())!;
        Assert.Equal(("done", 2), (again.Request.State, again.Request.Revoked));
        Assert.All(again.Devices, device => Assert.Equal("revoked", device.Outcome));
        Assert.Single(await silo.GetAsync<IReadOnlyList<RevocationRequest>>("revocations/requests"));
        foreach (var name in new[] { "a", "b" }) Assert.Single((await silo.GetAsync<DeviceDetail>($"devices/{name}")).Timeline, line => line.Kind == "revoked");
        // The name is of that act and no other, and of that person.
        Assert.Equal("conflict", (await silo.ProblemAsync(silo.Operator, "revocations", order with { Reason = "something else" })).Code);
        using var other = await silo.SignInAsync("operator");
        Assert.Equal("conflict", (await silo.ProblemAsync(other, "revocations", order)).Code);
    }

    [Fact]
    public async Task What_changed_since_the_plan_is_left_as_it_is_and_what_came_newly_is_not_added()
    {
        await using var silo = await RunningSilo.StartAsync();
        await EnrolAsync(silo, "oslo", "same", "suspended", "revoked", "back-again");
        var plan = await PlanAsync(silo.Operator, "site:oslo");
        await EnrolAsync(silo, "oslo", "newcomer");
        await silo.PostAsync<DeviceSummary>("devices/suspended/suspend", new Decision("odd"));
        await silo.PostAsync<DeviceSummary>("devices/revoked/revoke", new Decision("stolen"));
        var done = await DoneAsync(silo.Operator, plan);
        Assert.Equal(["back-again revoked", "revoked already", "same revoked", "suspended changed"], done.Devices.Select(one => $"{one.Name} {one.Outcome}"));
        Assert.Equal((2, 0, "done"), (done.Request.Revoked, done.Request.Failed, done.Request.State));
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/newcomer")).Device.Standing);
        Assert.Equal("suspended", (await silo.GetAsync<DeviceDetail>("devices/suspended")).Device.Standing);
    }

    [Fact]
    public async Task A_digest_that_is_not_of_the_devices_and_other_nonsense_changes_nothing()
    {
        await using var silo = await RunningSilo.StartAsync();
        await EnrolAsync(silo, "oslo", "a", "b");
        var order = Order(await PlanAsync(silo.Operator, "site:oslo"));
        var (first, second) = (order.Devices[0], order.Devices[1]);
        foreach (var wrong in new[]
        {
            // Cut on the way, added to, one twice, marks of nothing, no devices, no reason, two lines of reason, a name that is none.
            order with { Devices = [first] }, order with { Digest = new('0', 64) }, order with { Devices = [first, second, second] }, order with { Devices = [first, second with { Mark = "0000000000000000" }] },
            order with { Devices = [] }, order with { Devices = [first, new("<b>", first.Mark)] }, order with { Reason = " " }, order with { Reason = "two\nlines" }, order with { Reason = new('x', 201) }, order with { Request = "No Name" },
        })
            Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "revocations", wrong)).Code);
        foreach (var selection in new[] { new RevocationSelection(), new("site:oslo", ["a"]), new(" "), new("sight:oslo"), new(null, []) })
        {
            using var pause = await RetriedAsync(silo.Operator, selection);
            Assert.Equal("invalid", (await pause.Content.ReadFromJsonAsync<Problem>())!.Code);
        }
        Assert.Empty(await silo.GetAsync<IReadOnlyList<RevocationRequest>>("revocations/requests"));
        Assert.Equal("not_found", (await (await RetriedAsync(silo.Operator, new(null, ["nobody"]))).Content.ReadFromJsonAsync<Problem>())!.Code);
        using var unknown = await silo.Operator.GetAsync("revocations/requests/nobody");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/a")).Device.Standing);
    }

    [Fact]
    public async Task A42_One_act_takes_a_thousand_devices_and_the_body_is_capped()
    {
        await using var silo = await RunningSilo.StartAsync();
        silo.OnlyEmbedded("the index of a cluster is filled by its shards");
        for (var i = 0; i <= RevocationPlanner.MostDevices; i++)
            silo.Silo.Directory.Put(new(DeviceId.FromRootKey(BitConverter.GetBytes(i)), $"crowd-{i}", "oslo", "press", AssuranceTier.Software, Standing.Active, TrustTier.None, null, null, DateTimeOffset.UtcNow, null, 1));
        var tooMany = await silo.ProblemAsync(silo.Operator, "revocations/plan", new RevocationSelection("site:oslo"));
        Assert.Equal("invalid", tooMany.Code);
        Assert.Contains("1001 devices are meant, and one act takes at most 1000", tooMany.Detail);
        var plan = await PlanAsync(silo.Operator, "site:oslo -name:crowd-7");
        Assert.Equal(1000, plan.Devices.Count);
        // A whole plan goes through the body's cap; one device more does not go through the count, and a flood not through the cap.
        var targets = plan.Devices.Select(device => new PlanTarget(device.Id, device.Mark)).ToList();
        Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "revocations", new RevocationOrder(new('0', 64), targets, "why"))).Code);
        targets.Add(new(DeviceId.FromRootKey("one more"u8).Text, plan.Devices[0].Mark));
        Assert.Contains("1 to 1000", (await silo.ProblemAsync(silo.Operator, "revocations", new RevocationOrder(PlanMarks.Digest(targets), targets, "why"))).Detail);
        Assert.Equal("too_large", (await silo.ProblemAsync(silo.Operator, "revocations", new RevocationOrder(new('0', 64), [.. targets, .. targets], "why"))).Code);
        // Nowhere else.
        Assert.Equal("too_large", (await silo.ProblemAsync(silo.Operator, "devices/crowd-1/revoke", new Decision(new('x', 20_000)))).Code);
    }

    [Fact]
    public async Task A42_Plans_are_limited_for_each_person()
    {
        await using var silo = await RunningSilo.StartAsync();
        await EnrolAsync(silo, "oslo", "a");
        var codes = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => (await silo.Operator.PostAsJsonAsync("revocations/plan", new RevocationSelection("site:oslo"))).StatusCode));
        Assert.Contains(HttpStatusCode.OK, codes);
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
        using var viewer = await silo.SignInAsync("viewer");
        Assert.Equal(HttpStatusCode.OK, (await viewer.PostAsJsonAsync("revocations/plan", new RevocationSelection("site:oslo"))).StatusCode);
    }

    internal static RevocationOrder Order(RevocationPlan plan, string reason = "stolen") => new(plan.Digest, [.. plan.Devices.Select(device => new PlanTarget(device.Id, device.Mark))], reason);

    internal static Task<HttpResponseMessage> OrderAsync(HttpClient client, RevocationPlan plan, string reason = "stolen") => client.PostAsJsonAsync("revocations", Order(plan, reason));

    internal static async Task<RevocationAct> DoneAsync(HttpClient client, RevocationPlan plan, string reason = "stolen")
    {
        using var answer = await OrderAsync(client, plan, reason);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<RevocationAct>())!;
    }

    internal static async Task<RevocationPlan> PlanAsync(HttpClient client, string query)
    {
        using var answer = await RetriedAsync(client, new(query));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<RevocationPlan>())!;
    }

    internal static Task EnrolAsync(RunningSilo silo, string site, params string[] names) => EnrolAsync(silo, site, Standing.Active, names);

    /// <summary>Devices as after their enrolment, without ever connecting.</summary>
    internal static Task EnrolAsync(RunningSilo silo, string site, Standing standing, params string[] names) => Task.WhenAll(names.Select(async name =>
    {
        var index = await silo.Silo.Serials.NextAsync("status-index", CancellationToken.None);
        var enrolment = new Enrolment(
            RandomNumberGenerator.GetBytes(16), DeviceId.FromRootKey(System.Text.Encoding.UTF8.GetBytes(name)), RootKind.Software, AssuranceTier.Software, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)), silo.Silo.Key.Spki,
            "none", name, site, "sensor", index, "a test", silo.Silo.Time.GetUtcMillisecond());
        await silo.Silo.Place.Twin(enrolment.Device).EnrolAsync(new(enrolment, standing == Standing.Active), CancellationToken.None);
    }));

    private static async Task JudgeAsync(TestDevice issuer, params TestDevice[] subjects)
    {
        var examiner = new TestExaminer(issuer);
        foreach (var subject in subjects) examiner.Judge(subject.Id);
        await examiner.UploadAsync();
    }

    /// <summary>Asked again until the limit lets it through.</summary>
    private static async Task<HttpResponseMessage> RetriedAsync(HttpClient client, RevocationSelection selection)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var answer = await client.PostAsJsonAsync("revocations/plan", selection);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests) return answer;
            answer.Dispose();
            await tick.WaitForNextTickAsync();
        }
    }
}
