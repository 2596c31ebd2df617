using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Roots;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>Rules that let devices in without a person.</summary>
public class RuleTests
{
    [Fact]
    public async Task Nobody_is_let_in_by_a_rule_unless_somebody_sets_one()
    {
        await using var silo = await RunningSilo.StartAsync();
        Assert.Empty(await silo.GetAsync<IReadOnlyList<ApprovalRule>>("enroll/rules"));
        using var device = await QueueTests.JoinAsync(silo, "pump-1", "oslo");
        Assert.Equal("pending", await StandingAsync(silo, "pump-1"));
    }

    [Fact]
    public async Task A_rule_lets_in_whom_it_finds_and_the_log_has_the_rule_and_who_set_it()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var anna = await silo.SignInAsync("approver");
        var rule = await SetAsync(anna, "oslo-pumps", new("site:oslo name:pump-*", Verified: false, Reason: "a delivery of forty"));
        Assert.Equal(("oslo-pumps", 1, "some-approver"), (rule.Name, rule.Version, rule.By));
        using var inside = await QueueTests.JoinAsync(silo, "pump-1", "oslo");
        using var elsewhere = await QueueTests.JoinAsync(silo, "pump-2", "bergen");
        using var other = await QueueTests.JoinAsync(silo, "press-1", "oslo");
        Assert.Equal(["active", "pending", "pending"], await Task.WhenAll(StandingAsync(silo, "pump-1"), StandingAsync(silo, "pump-2"), StandingAsync(silo, "press-1")));
        var lines = (await silo.GetAsync<DeviceDetail>("devices/pump-1")).Timeline;
        Assert.Contains(lines, line => line is { Kind: "approved", Actor: "rule oslo-pumps, set by some-approver", Text: "rule oslo-pumps version 1: site:oslo name:pump-*" });
        Assert.Contains(lines, line => line.Kind == "enrolled" && line.Text.Contains("joined by join token", StringComparison.Ordinal) && line.Text.Contains("rule oslo-pumps, set by some-approver", StringComparison.Ordinal));
        var log = await QueueTests.LogAsync(silo);
        Assert.Contains(log, line => line is { Kind: "approved", Name: "pump-1", Actor: "rule oslo-pumps, set by some-approver" });
        Assert.Contains(log, line => line is { Kind: "operator", Actor: "some-approver" } && line.Text == "set approval rule oslo-pumps: was not there, is version 1, site:oslo name:pump-*, software keys too; a delivery of forty");
    }

    [Fact]
    public async Task A_rule_that_is_removed_lets_nobody_in_from_then_on()
    {
        await using var silo = await RunningSilo.StartAsync();
        await SetAsync(silo.Operator, "all", new("site:oslo", Verified: false));
        await silo.RestartAsync();
        Assert.Equal("all", Assert.Single(await silo.GetAsync<IReadOnlyList<ApprovalRule>>("enroll/rules")).Name);
        using var removed = await silo.Operator.DeleteAsync("enroll/rules/all");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await silo.Operator.DeleteAsync("enroll/rules/all");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var device = await QueueTests.JoinAsync(silo, "pump-1", "oslo");
        Assert.Equal("pending", await StandingAsync(silo, "pump-1"));
        // A version never comes back: what the log says of version 1 is true of one rule only.
        Assert.Equal(2, (await SetAsync(silo.Operator, "all", new("site:oslo", Verified: false))).Version);
    }

    [Fact]
    public async Task A_rule_that_wants_a_verified_tpm_lets_in_no_other_and_no_tpm_that_nobody_answers_for()
    {
        using var tpm = Swtpm.Manufacture();
        await using (var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath] }))
        {
            await SetAsync(silo.Operator, "lab-tpm", new("site:lab tier:tpm-quote,software"));
            using (var root = RootOfTrust.Open(tpm.Settings(), TimeProvider.System))
            {
                using var device = new TestDevice("tpm-1", root);
                await device.ConnectAsync(silo.Devices);
                // Its maker lets it ask, the rule lets it in: no token is needed.
                Assert.Equal(Standing.Active, (await device.EnrolAsync(null)).Result!.Standing);
            }
            Assert.Contains((await silo.GetAsync<DeviceDetail>("devices/tpm-1")).Timeline, line => line is { Kind: "approved", Actor: "rule lab-tpm, set by admin", Text: "rule lab-tpm version 1: site:lab tier:tpm-quote,software, its TPM verified" });
            using var soft = new TestDevice("soft-1");
            await soft.ConnectAsync(silo.Devices);
            Assert.Equal(Standing.Pending, (await soft.EnrolAsync(await silo.JoinTokenAsync(autoApprove: false))).Result!.Standing);
        }
        await using var stranger = await RunningSilo.StartAsync();
        await SetAsync(stranger.Operator, "lab-tpm", new("site:lab", Verified: false));
        using var again = RootOfTrust.Open(tpm.Settings(), TimeProvider.System);
        using var unknown = new TestDevice("tpm-1", again);
        await unknown.ConnectAsync(stranger.Devices);
        Assert.Equal(Standing.Pending, (await unknown.EnrolAsync(await stranger.JoinTokenAsync(autoApprove: false))).Result!.Standing);
    }

    [Fact]
    public async Task A10_A_token_nobody_answers_for_waits_whatever_the_rule()
    {
        await using var silo = await RunningSilo.StartAsync();
        await SetAsync(silo.Operator, "all", new("site:lab", Verified: false));
        using var root = new TokenRoot();
        using var device = new TestDevice("hsm-1", root);
        await device.ConnectAsync(silo.Devices);
        Assert.Equal(Standing.Pending, (await device.EnrolAsync(await silo.JoinTokenAsync())).Result!.Standing);
    }

    [Fact]
    public async Task A13_Hardware_that_was_here_before_waits_for_a_person()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath] });
        await SetAsync(silo.Operator, "lab-tpm", new("site:lab"));
        Assert.Equal(Standing.Active, await EnrolAsync(silo, tpm.Settings()));
        // The same TPM with another attestation key, as after its state was lost or taken.
        Assert.Equal(Standing.Pending, await EnrolAsync(silo, tpm.Settings() with { StateDirectory = Path.Combine(tpm.Folder, "other") }));
        await silo.PostAsync<DeviceSummary>("devices/tpm-1/revoke", new Decision("stolen"));
        Assert.Equal(Standing.Revoked, await EnrolAsync(silo, tpm.Settings() with { StateDirectory = Path.Combine(tpm.Folder, "third") }));
    }

    [Fact]
    public async Task A13_Who_has_the_name_of_a_revoked_device_waits_for_a_person()
    {
        await using var silo = await RunningSilo.StartAsync();
        await SetAsync(silo.Operator, "all", new("site:oslo", Verified: false));
        using var first = await QueueTests.JoinAsync(silo, "pump-1", "oslo");
        await silo.PostAsync<DeviceSummary>("devices/pump-1/revoke", new Decision("stolen"));
        using var second = await QueueTests.JoinAsync(silo, "pump-1", "oslo");
        Assert.Equal("pending", await StandingAsync(silo, second.Id.Text));
        // A namesake of somebody who is in is only that.
        using var third = await QueueTests.JoinAsync(silo, "pump-2", "oslo");
        using var fourth = await QueueTests.JoinAsync(silo, "pump-2", "oslo");
        Assert.Equal("active", await StandingAsync(silo, fourth.Id.Text));
    }

    [Fact]
    public async Task A13_Who_waits_is_judged_as_it_joined_and_not_by_what_it_calls_itself_now()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await QueueTests.JoinAsync(silo, "pump-1", "bergen");
        await SetAsync(silo.Operator, "lab", new("site:lab", Verified: false));
        // Its token had said bergen; without one it says lab, as it always does.
        Assert.Equal(Standing.Pending, (await device.EnrolAsync(null)).Result!.Standing);
        await SetAsync(silo.Operator, "bergen", new("site:bergen", Verified: false));
        Assert.Equal(Standing.Active, (await device.EnrolAsync(null)).Result!.Standing);
        Assert.Equal(("bergen", "active"), ((await silo.GetAsync<DeviceDetail>("devices/pump-1")).Device.Site, await StandingAsync(silo, "pump-1")));
        Assert.Contains((await silo.GetAsync<DeviceDetail>("devices/pump-1")).Timeline, line => line is { Kind: "approved", Actor: "rule bergen, set by admin" });
    }

    [Fact]
    public async Task A42_A_full_queue_keeps_out_nobody_a_rule_lets_in()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = new() { PendingDevices = 1 } });
        using var waits = await QueueTests.JoinAsync(silo, "press-1", "oslo");
        await SetAsync(silo.Operator, "pumps", new("name:pump-*", Verified: false));
        using var inside = await QueueTests.JoinAsync(silo, "pump-1", "oslo");
        Assert.Equal("active", await StandingAsync(silo, "pump-1"));
        using var late = new TestDevice("press-2");
        await late.ConnectAsync(silo.Devices);
        Assert.Equal("busy", (await late.EnrolAsync(await silo.JoinTokenAsync(autoApprove: false))).Code);
    }

    [Fact]
    public async Task Rules_are_asked_in_their_order_and_keep_their_place()
    {
        await using var silo = await RunningSilo.StartAsync();
        await SetAsync(silo.Operator, "first", new("site:oslo", Verified: false));
        await SetAsync(silo.Operator, "second", new("name:pump-*", Verified: false));
        await SetAsync(silo.Operator, "front", new("name:pump-1", Verified: false, Place: 1));
        await SetAsync(silo.Operator, "first", new("site:oslo,turku", Verified: false));
        Assert.Equal(["front", "first", "second"], (await silo.GetAsync<IReadOnlyList<ApprovalRule>>("enroll/rules")).Select(rule => rule.Name));
        using var device = await QueueTests.JoinAsync(silo, "pump-1", "oslo");
        Assert.Contains((await silo.GetAsync<DeviceDetail>("devices/pump-1")).Timeline, line => line.Actor == "rule front, set by admin");
        Assert.Equal("conflict", await CodeAsync(silo.Operator, "late", new("site:oslo", Place: 9)));
        Assert.Equal("conflict", await CodeAsync(silo.Operator, "late", new("site:oslo", Place: 0)));
    }

    [Theory]
    [InlineData("", "would let everybody in")]
    [InlineData("sit:oslo", "unknown field")]
    [InlineData("status:trusted", "nothing is known of \"status\"")]
    [InlineData("site:oslo age<1h", "Character 11: nothing is known of \"age\"")]
    [InlineData("standing:pending", "nothing is known of \"standing\"")]
    [InlineData("oslo", "say what the word is of")]
    public async Task A44_A_rule_that_would_say_nothing_or_everything_is_not_set(string query, string says)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var answer = await silo.Operator.PutAsJsonAsync("enroll/rules/rule", new ApprovalRuleUpdate(query));
        var problem = await answer.Content.ReadFromJsonAsync<Problem>();
        Assert.Equal("invalid", problem!.Code);
        Assert.Contains(says, problem.Detail);
        Assert.Contains(says, (await silo.ProblemAsync(silo.Operator, "enroll/rules/test", new ApprovalTest(query))).Detail);
        Assert.Equal("invalid", await CodeAsync(silo.Operator, "Night", new("site:oslo")));
        Assert.Equal("invalid", await CodeAsync(silo.Operator, "night", new("site:oslo", Reason: "two\nlines")));
        Assert.Empty(await silo.GetAsync<IReadOnlyList<ApprovalRule>>("enroll/rules"));
    }

    [Fact]
    public async Task A37_Only_an_approver_of_the_whole_mesh_sets_rules()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var here = await silo.SignInAsync("approver", "oslo");
        using var otto = await silo.SignInAsync("operator");
        foreach (var client in new[] { here, otto })
        {
            Assert.Equal("forbidden", await CodeAsync(client, "rule", new("site:oslo")));
            using var removed = await client.DeleteAsync("enroll/rules/rule");
            Assert.Equal(HttpStatusCode.Forbidden, removed.StatusCode);
            using var tried = await client.PostAsJsonAsync("enroll/rules/test", new ApprovalTest("site:oslo"));
            Assert.Equal(HttpStatusCode.OK, tried.StatusCode);
        }
    }

    [Fact]
    public async Task A42_No_more_than_a_hundred_are_kept_and_two_people_at_once_lose_nothing()
    {
        await using var silo = await RunningSilo.StartAsync();
        for (var i = 0; i < 99; i++) await SetAsync(silo.Operator, $"rule-{i}", new("site:oslo"));
        using var anna = await silo.SignInAsync("approver");
        var both = await Task.WhenAll(CodeAsync(silo.Operator, "left", new("site:a")), CodeAsync(anna, "right", new("site:b")));
        var rules = await silo.GetAsync<IReadOnlyList<ApprovalRule>>("enroll/rules");
        Assert.Equal(both.Count(code => code == ""), rules.Count - 99);
        Assert.All(both, code => Assert.True(code is "" or "conflict", code));
        if (rules.Count == 99) await SetAsync(anna, "right", new("site:b"));
        Assert.Equal("conflict", await CodeAsync(anna, "one-more", new("site:c")));
        Assert.Equal(100, (await silo.GetAsync<IReadOnlyList<ApprovalRule>>("enroll/rules")).Count);
    }

    [Fact]
    public async Task A_dry_run_says_who_would_be_let_in_and_who_would_have_been_and_does_nothing()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var pump = await QueueTests.JoinAsync(silo, "pump-1", "oslo");
        using var press = await QueueTests.JoinAsync(silo, "press-1", "oslo");
        using var old = await silo.JoinAsync("pump-9");
        using var root = new TokenRoot();
        using var hsm = new TestDevice("pump-hsm", root);
        await hsm.ConnectAsync(silo.Devices);
        await hsm.EnrolAsync(await silo.JoinTokenAsync());
        var answer = await silo.PostAsync<ApprovalTestAnswer>("enroll/rules/test", new ApprovalTest("name:pump-*", Verified: false));
        Assert.Equal((1, 3, 1, 1), (answer.WaitingIn, answer.WaitingAll, answer.JoinedIn, answer.JoinedAll));
        Assert.Equal(["pump-1 yes", "press-1 no", "pump-hsm no"], answer.Waiting.Select(one => $"{one.Name} {one.Would}"));
        Assert.Contains("Nobody answers for its token", answer.Waiting[2].Why);
        Assert.Equal(["pump-9 yes"], answer.Joined.Select(one => $"{one.Name} {one.Would}"));
        Assert.Equal("pending", await StandingAsync(silo, "pump-1"));
        // Without a query: the rules as they are.
        await SetAsync(silo.Operator, "presses", new("name:press-*", Verified: false));
        answer = await silo.PostAsync<ApprovalTestAnswer>("enroll/rules/test", new ApprovalTest());
        Assert.Equal(("press-1", "yes", "presses"), (answer.Waiting[0].Name, answer.Waiting[0].Would, answer.Waiting[0].Rule));
        Assert.Empty((await silo.PostAsync<ApprovalTestAnswer>("enroll/rules/test", new ApprovalTest("site:oslo", SinceSeconds: 0))).Joined);
        Assert.Equal("invalid", (await silo.ProblemAsync(silo.Operator, "enroll/rules/test", new ApprovalTest("site:oslo", SinceSeconds: -1))).Code);
    }

    private static async Task<Standing> EnrolAsync(RunningSilo silo, RootSettings settings)
    {
        using var root = RootOfTrust.Open(settings, TimeProvider.System);
        using var device = new TestDevice("tpm-1", root);
        await device.ConnectAsync(silo.Devices);
        var (result, code) = await device.EnrolAsync(null);
        return result?.Standing ?? throw new InvalidOperationException(code);
    }

    private static async Task<string> StandingAsync(RunningSilo silo, string device) => (await silo.GetAsync<DeviceDetail>($"devices/{device}")).Device.Standing;

    private static async Task<ApprovalRule> SetAsync(HttpClient client, string name, ApprovalRuleUpdate update)
    {
        using var answer = await client.PutAsJsonAsync($"enroll/rules/{name}", update);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ApprovalRule>())!;
    }

    /// <summary>The code of the refusal; empty if it was set.</summary>
    private static async Task<string> CodeAsync(HttpClient client, string name, ApprovalRuleUpdate update)
    {
        using var answer = await client.PutAsJsonAsync($"enroll/rules/{name}", update);
        return answer.IsSuccessStatusCode ? "" : (await answer.Content.ReadFromJsonAsync<Problem>())!.Code;
    }
}
