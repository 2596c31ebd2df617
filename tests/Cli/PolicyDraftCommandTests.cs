namespace TrustMesh.Tests.Cli;

public sealed class PolicyDraftCommandTests
{
    private static string View(int version, int lifetime, string tiers)
        => $$"""{"id":"default","version":{{version}},"bank":"sha256","pcrs":[13],"measurementPcr":13,"lifetimeSeconds":{{lifetime}},"intervalSeconds":20,"tiers":[{{tiers}}],"channelBindingRequired":true,"mayChange":[],"deniedFirmware":[],"unknownFile":"contraindicated","issuedAt":"2026-01-01T00:00:00Z","expiresAt":"2027-01-01T00:00:00Z"}""";

    private static string Simulation(int fails)
        => $$"""{"draft":{{View(3, 60, "\"tpm-quote\"")}},"against":2,"devices":5,"same":1,"fails":{{fails}},"passes":1,"changes":0,"unjudged":1,"complete":true,"causes":[{"effect":"fails","check":"policy.tier","cause":"assurance tier","count":{{fails}},"query":"tier:software"}],"cases":[{"id":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","name":"pump-1\u202e","site":"oslo","effect":"fails","now":"warning","then":"contraindicated","cause":"assurance tier","because":[]}]}""";

    private const string Versions = """[{"version":2,"at":"2026-02-01T00:00:00Z","by":"ada\u001b","why":"audit","inForce":true},{"version":1,"at":"2026-01-01T00:00:00Z","by":"","why":null,"inForce":false}]""";

    [Fact]
    public async Task A_draft_that_would_fail_a_device_ends_with_6_and_says_which()
    {
        var silo = new CannedSilo().Answer("GET policy", 200, View(2, 60, "\"software\",\"tpm-quote\"")).Answer("POST policy/simulate", 200, Simulation(2));
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(6, await run.RunAsync("policy", "test", await DraftAsync(run, """{ "tiers": ["tpm-quote"] }""")));
        Assert.Contains("\"tiers\":[\"tpm-quote\"]", silo.Seen.Single(one => one.Route == "POST policy/simulate").Body, StringComparison.Ordinal);
        Assert.StartsWith("- tiers: software\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("fails\t2\tassurance tier\tpolicy.tier\ttier:software\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("ubuvjqir\tpump-1\\u202e\toslo\tfails\twarning\tcontraindicated\tassurance tier\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Of 5 devices 2 would fail that pass now, 1 would pass that fail now, 0 would change otherwise, 1 cannot be judged.", run.Error, StringComparison.Ordinal);
        silo.Answer("POST policy/simulate", 200, Simulation(0));
        Assert.Equal(0, await run.RunAsync("policy", "test", await DraftAsync(run, """{"lifetimeSeconds":100}"""), "--json"));
        Assert.StartsWith("{\"draft\":", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tier":["software"]}""")]
    [InlineData("""{"tiers":"software"}""")]
    [InlineData("null")]
    [InlineData("tiers: software")]
    [InlineData("")]
    public async Task What_is_no_draft_is_said_before_anything_is_sent(string draft)
    {
        var silo = new CannedSilo();
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(2, await run.RunAsync("policy", "set", "--file", await DraftAsync(run, draft)));
        Assert.Contains("is no draft of a policy", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(silo.Seen, one => one.Route.Contains("policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_draft_is_signed_with_a_reason_and_not_mixed_with_single_values()
    {
        var silo = new CannedSilo().Answer("PUT policy", 200, View(3, 60, "\"tpm-quote\""));
        var run = await new CliRun(silo).SignedInAsync();
        var draft = await DraftAsync(run, """{"tiers":["tpm-quote"]}""");
        Assert.Equal(2, await run.RunAsync("policy", "set", "--file", draft, "--quorum", "3"));
        Assert.Equal(0, await run.RunAsync("policy", "set", "--file", draft, "--reason", "audit"));
        Assert.Contains("\"tiers\":[\"tpm-quote\"]", silo.Seen[^1].Body, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"audit\"", silo.Seen[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_are_listed_and_compared()
    {
        var silo = new CannedSilo().Answer("GET policy/versions", 200, Versions).Answer("GET policy", 200, View(2, 120, "\"software\"")).Answer("GET policy/versions/1", 200, View(1, 60, "\"software\""));
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("policy", "versions"));
        Assert.Equal("VERSION\tSIGNED\tBY\tWHY\tIN FORCE\n2\t2026-02-01 00:00:00Z\tada\\u001b\taudit\tyes\n1\t2026-01-01 00:00:00Z\tnot kept\t-\tno\n", run.Output);
        Assert.True(await run.RunAsync("policy", "diff") == 0, run.Error);
        Assert.Contains("- lifetimeSeconds: 60\n+ lifetimeSeconds: 120\n  intervalSeconds: 20\n", run.Output, StringComparison.Ordinal);
        silo.Answer("GET policy/versions/2", 200, View(2, 120, "\"software\""));
        Assert.Equal(0, await run.RunAsync("policy", "diff", "2", "1"));
        Assert.Contains("- lifetimeSeconds: 120\n+ lifetimeSeconds: 60\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, await run.RunAsync("policy", "diff", "9", "1"));
    }

    [Fact]
    public async Task An_earlier_version_is_a_draft_and_is_taken_back_after_it_was_tried_out()
    {
        var silo = new CannedSilo().Answer("GET policy", 200, View(2, 120, "\"tpm-quote\"")).Answer("GET policy/versions/1", 200, View(1, 60, "\"software\",\"tpm-quote\"")).Answer("GET policy/versions/2", 200, View(2, 120, "\"tpm-quote\""))
            .Answer("POST policy/simulate", 200, Simulation(0)).Answer("PUT policy", 200, View(3, 60, "\"software\""));
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("policy", "show", "--version", "1"));
        Assert.Contains("version\t1\n", run.Output, StringComparison.Ordinal);
        Assert.True(await run.RunAsync("policy", "show", "--version", "1", "--draft") == 0, run.Error);
        Assert.True(await run.RunAsync("policy", "test", await DraftAsync(run, run.Output)) == 0, run.Error);
        Assert.Contains("\"lifetimeSeconds\":60", silo.Seen[^1].Body + silo.Seen[^2].Body, StringComparison.Ordinal);

        Assert.True(await run.RunAsync("policy", "revert", "1", "--dry-run") == 0, run.Error);
        Assert.DoesNotContain(silo.Seen, one => one.Route == "PUT policy");
        Assert.True(await run.RunAsync("policy", "revert", "1") == 0, run.Error);
        var signed = silo.Seen.Single(one => one.Route == "PUT policy").Body;
        foreach (var part in (string[])["\"lifetimeSeconds\":60", "\"tiers\":[\"software\",\"tpm-quote\"]", "\"reason\":\"back to version 1\""]) Assert.Contains(part, signed, StringComparison.Ordinal);
        Assert.Equal("\"2\"", silo.Matched);
        Assert.Contains("Signed as version 3.", run.Error, StringComparison.Ordinal);
        // Says what is in force already; would fail devices, and nobody is there to say that it should.
        Assert.Equal(5, await run.RunAsync("policy", "revert", "2"));
        silo.Answer("POST policy/simulate", 200, Simulation(2));
        Assert.Equal(6, await run.RunAsync("policy", "revert", "1", "--dry-run"));
        Assert.Equal(2, await run.RunAsync("policy", "revert", "1"));
        Assert.Single(silo.Seen, one => one.Route == "PUT policy");
        Assert.True(await run.RunAsync("policy", "revert", "1", "--yes", "--json", "--reason", "the audit was wrong") == 0, run.Error);
        Assert.Contains("the audit was wrong", silo.Seen[^1].Body, StringComparison.Ordinal);
        Assert.Equal(3, await run.RunAsync("policy", "revert", "9"));
    }

    private static async Task<string> DraftAsync(CliRun run, string text)
    {
        var file = Path.Combine(run.Home, "draft.json");
        await File.WriteAllTextAsync(file, text);
        return file;
    }
}
