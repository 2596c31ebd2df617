using System.Text.Json;

namespace TrustMesh.Tests.Cli;

public sealed class RevokeTests
{
    private const string Plan = """
        {"digest":"d1","at":"2026-01-01T00:00:00Z","yours":true,"devices":[{"id":"aeubuvjqirbbfvkcnqfyj2jxqbcvxrbfkkkrdlblpbfwgdhsrtd3a","name":"press-1","site":"oslo","standing":"active","look":"trusted","mark":"0123456789abcdef"},
         {"id":"aeubuvjqirbbfvkcnqfyj2jxqbcvxrbfkkkrdlblpbfwgdhsrtd3b","name":"press-2","site":"oslo","standing":"active","look":"trusted","mark":"0123456789abcdef"}],
         "already":1,"beyond":[],"beyondTotal":0,"hits":[{"id":"x","name":"camera\u001b[31m","site":"oslo","look":"trusted","loss":"alone","examiners":2,"left":0,"assigned":2,"by":[]}],
         "alone":1,"belowPromise":0,"belowQuorum":0,"sites":[{"site":"oslo","active":3,"left":1,"falls":0,"stays":0}],"quorum":3,"promised":2,"secondPerson":null}
        """;

    private static string Act(string state, params string[] outcomes) => $$"""
        {"request":{"id":"r-1","state":"{{state}}","digest":"d1","devices":2,"sites":["oslo"],"reason":"stolen","by":"ana","at":"2026-01-01T00:00:00Z","expiresAt":"2026-01-02T00:00:00Z",
          "decidedBy":null,"decidedAt":null,"note":null,"revoked":{{outcomes.Count(one => one == "revoked")}},"failed":{{outcomes.Count(one => one == "failed")}}},
         "devices":[{{string.Join(',', outcomes.Select((one, at) => $$"""{"id":"i{{at}}","name":"press-{{at + 1}}","site":"oslo","mark":"0123456789abcdef","outcome":"{{one}}","why":null}"""))}}],"serial":9}
        """;

    [Fact]
    public async Task Many_need_a_plan_and_a_yes_and_the_plan_is_printed_first()
    {
        var silo = new CannedSilo().Answer("POST revocations/plan", 200, Plan).Answer("POST revocations", 200, Act("done", "revoked", "revoked"));
        var run = await new CliRun(silo).SignedInAsync();
        // Nobody at a terminal, no --yes: nothing is sent.
        Assert.Equal(2, await run.RunAsync("device", "revoke", "--query", "site:oslo", "--reason", "stolen"));
        Assert.Contains("standard input is no terminal, and this would revoke 2 devices for good. Look at the plan with --dry-run, then give --yes.", run.Error);
        Assert.DoesNotContain(silo.Seen, one => one.Route == "POST revocations");
        Assert.Equal(0, await run.RunAsync("device", "revoke", "--query", "site:oslo", "--reason", "stolen", "--yes"));
        Assert.StartsWith("to revoke\t2\nrevoked already\t1\n", run.Output);
        Assert.Contains("camera\\u001b[31m\toslo\talone\t2\t0\t2\n", run.Output);
        using var sent = JsonDocument.Parse(silo.Seen[^1].Body);
        Assert.Equal(("d1", 2, "stolen"), (sent.RootElement.GetProperty("digest").GetString(), sent.RootElement.GetProperty("devices").GetArrayLength(), sent.RootElement.GetProperty("reason").GetString()));
        Assert.StartsWith("cli-", sent.RootElement.GetProperty("request").GetString());
        Assert.Contains("2 of 2 revoked, by status list 9.", run.Error);
    }

    [Theory]
    [InlineData("2\n", 0)]
    [InlineData("two\n", 1)]
    [InlineData("", 1)]
    public async Task At_a_terminal_the_number_has_to_be_typed(string typed, int code)
    {
        var silo = new CannedSilo().Answer("POST revocations/plan", 200, Plan).Answer("POST revocations", 200, Act("done", "revoked", "revoked"));
        var run = await new CliRun(silo) { InTerminal = true, Input = typed }.SignedInAsync();
        Assert.Equal(code, await run.RunAsync("device", "revoke", "--query", "site:oslo", "--reason", "stolen"));
        Assert.Contains("This will revoke 2 devices for good. Type 2 to confirm:", run.Error);
        Assert.Equal(code == 0, silo.Seen.Any(one => one.Route == "POST revocations"));
    }

    [Theory]
    [InlineData("done", 5, "revoked", "changed")]
    [InlineData("running", 1, "revoked", "failed")]
    [InlineData("waiting", 0, "waiting", "waiting")]
    public async Task What_is_left_undone_is_an_exit_code(string state, int code, params string[] outcomes)
    {
        var run = await new CliRun(new CannedSilo().Answer("POST revocations/plan", 200, Plan).Answer("POST revocations", state == "waiting" ? 202 : 200, Act(state, outcomes))).SignedInAsync();
        Assert.Equal(code, await run.RunAsync("device", "revoke", "--query", "site:oslo", "--reason", "stolen", "--yes"));
        if (state == "waiting") Assert.Contains("trustmesh revocation approve r-1", run.Error);
    }

    [Fact]
    public async Task A_dry_run_asks_and_changes_nothing_for_one_device_too()
    {
        var silo = new CannedSilo().Answer("POST revocations/plan", 200, Plan);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "revoke", "press-1", "--dry-run", "--json"));
        Assert.Equal("d1", JsonDocument.Parse(run.Output).RootElement.GetProperty("digest").GetString());
        Assert.Contains("press-1", silo.Seen[^1].Body);
        Assert.Equal(2, await run.RunAsync("device", "revoke", "press-1", "--query", "site:oslo", "--reason", "x"));
        Assert.Equal(2, await run.RunAsync("device", "revoke", "--reason", "x"));
        Assert.Equal(2, await run.RunAsync("device", "revoke", "press-1"));
        Assert.DoesNotContain(silo.Seen, one => one.Route.EndsWith("/revoke", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_of_devices_that_are_not_ones_own_is_denied()
    {
        var run = await new CliRun(new CannedSilo().Answer("POST revocations/plan", 200, Plan.Replace("\"yours\":true", "\"yours\":false", StringComparison.Ordinal)
            .Replace("\"beyond\":[]", "\"beyond\":[{\"id\":\"x\",\"name\":\"press-1\",\"site\":\"oslo\",\"missing\":\"operator for site oslo\"}]", StringComparison.Ordinal))).SignedInAsync();
        Assert.Equal(4, await run.RunAsync("device", "revoke", "--query", "site:oslo", "--reason", "x", "--yes"));
        Assert.Contains("it needs operator for site oslo", run.Error);
    }

    [Fact]
    public async Task A_second_person_looks_approves_with_the_digest_and_rejects()
    {
        var silo = new CannedSilo().Answer("GET revocations/requests/r-1", 200, Act("waiting", "waiting", "waiting")).Answer("POST revocations/requests/r-1/approve", 200, Act("done", "revoked", "revoked"))
            .Answer("POST revocations/requests/r-1/reject", 200, Act("rejected")).Answer("GET revocations/requests", 200, $"[{JsonDocument.Parse(Act("waiting")).RootElement.GetProperty("request")}]");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("revocation", "requests"));
        Assert.EndsWith("r-1\twaiting\t2\toslo\tana\t2026-01-01 00:00:00Z\t2026-01-02 00:00:00Z\t-\tstolen\n", run.Output);
        Assert.Equal(2, await run.RunAsync("revocation", "approve", "r-1"));
        Assert.Equal(0, await run.RunAsync("revocation", "approve", "r-1", "--yes", "--reason", "looked"));
        Assert.Equal("""{"digest":"d1","reason":"looked"}""", silo.Seen[^1].Body);
        Assert.Equal(2, await run.RunAsync("revocation", "reject", "r-1"));
        Assert.Equal(0, await run.RunAsync("revocation", "reject", "r-1", "--reason", "no"));
    }

    [Fact]
    public async Task The_rule_is_shown_and_changed()
    {
        var silo = new CannedSilo().Answer("GET revocations/rule", 200, """{"moreThan":null,"hours":24,"left":null}""").Answer("PUT revocations/rule", 200, """{"moreThan":5,"hours":24,"left":5}""");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("revocation", "rule"));
        Assert.Equal("second person\tnever needed\nleft for you\tany number\n", run.Output);
        Assert.Equal(0, await run.RunAsync("revocation", "rule", "--more-than", "5", "--reason", "two for many"));
        Assert.Equal("""{"moreThan":5,"hours":24,"reason":"two for many"}""", silo.Seen[^1].Body);
        Assert.Equal(2, await run.RunAsync("revocation", "rule", "--more-than", "5", "--off"));
    }
}
