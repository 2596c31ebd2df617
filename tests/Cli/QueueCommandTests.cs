namespace TrustMesh.Tests.Cli;

public sealed class QueueCommandTests
{
    private const string Tried = """{"act":"approve","dryRun":true,"count":1,"devices":[{"id":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","name":"pump-1","site":"oslo","outcome":"would","mark":"a1","warning":"Seen before: the token of pump-0\u001b[31m, which is revoked."},{"id":"b","name":"pump-2","site":"bergen","outcome":"forbidden","why":"This needs approver for site bergen."}]}""";

    private const string Done = """{"act":"approve","dryRun":false,"count":1,"devices":[{"id":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","name":"pump-1","site":"oslo","outcome":"done"}]}""";

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_sends_nothing_else()
    {
        var silo = new CannedSilo().Answer("POST devices/decide", 200, Tried);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("device", "approve", "--query", "site:oslo", "--dry-run") == 0, run.Error);
        Assert.Equal("""{"act":"approve","devices":null,"query":"site:oslo","seen":null,"reason":null,"dryRun":true}""", Assert.Single(silo.Seen, one => one.Route == "POST devices/decide").Body);
        Assert.Equal(
            ["ID\tNAME\tSITE\tOUTCOME\tWHY", "ubuvjqir\tpump-1\toslo\twould\tSeen before: the token of pump-0\\u001b[31m, which is revoked.", "b\tpump-2\tbergen\tforbidden\tThis needs approver for site bergen."],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task What_was_tried_is_what_is_sent_and_only_with_yes()
    {
        var silo = new CannedSilo().Answer("POST devices/decide", 200, Tried);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(2, await run.RunAsync("device", "approve", "--query", "site:oslo"));
        Assert.Contains("--yes", run.Error);
        Assert.All(silo.Seen, one => Assert.DoesNotContain("\"dryRun\":false", one.Body, StringComparison.Ordinal));
        // The canned answer is the same for both: one of the two is open, and that is a conflict.
        Assert.Equal(5, await run.RunAsync("device", "approve", "--query", "site:oslo", "--yes", "--reason", "hall 3"));
        Assert.Equal("""{"act":"approve","devices":[{"id":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","mark":"a1"}],"query":null,"seen":null,"reason":"hall 3","dryRun":false}""", silo.Seen[^1].Body);
    }

    [Fact]
    public async Task Nobody_who_waits_is_no_failure_and_nobody_one_may_decide_about_is_denied()
    {
        var run = await new CliRun(new CannedSilo().Answer("POST devices/decide", 200, """{"act":"reject","dryRun":true,"count":0,"devices":[]}""")).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "reject", "--query", "site:oslo", "--reason", "why", "--yes"));
        run = await new CliRun(new CannedSilo().Answer("POST devices/decide", 200, Tried.Replace("\"would\"", "\"forbidden\"", StringComparison.Ordinal).Replace("\"count\":1", "\"count\":0", StringComparison.Ordinal))).SignedInAsync();
        Assert.Equal(4, await run.RunAsync("device", "approve", "--query", "site:oslo", "--yes"));
    }

    [Theory]
    [InlineData("Name either a device or a --query.", "device", "approve")]
    [InlineData("Name either a device or a --query.", "device", "approve", "pump-1", "--query", "site:oslo")]
    [InlineData("'--reason' is required to reject", "device", "reject", "pump-1")]
    public async Task What_is_wrong_with_the_line_is_said(string says, params string[] line)
    {
        var run = await new CliRun(new CannedSilo()).SignedInAsync();
        Assert.Equal(2, await run.RunAsync(line));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_document_of_the_api()
    {
        var run = await new CliRun(new CannedSilo().Answer("POST devices/decide", 200, Done)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "approve", "--query", "site:oslo", "--dry-run", "--json"));
        Assert.StartsWith("{\"act\":\"approve\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A44_Hardware_is_shown_with_what_texts_hide()
    {
        const string View = """{"device":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","admittedBy":"join token 1","endorsement":{"verified":true,"words":"CN=EK\u202e","tolerated":[],"certificates":[{"subject":"CN=EK","issuer":"CN=CA","vendor":"Infineon","serial":"0a","notBefore":"2026-01-01T00:00:00Z","notAfter":"2036-01-01T00:00:00Z","fingerprint":"ff"}],"at":"2026-01-01T00:00:00Z"},"seen":[{"how":"root","device":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","name":"pump-1","site":"oslo","standing":"approved","at":"2026-01-01T00:00:00Z","by":"ann"}]}""";
        var run = await new CliRun(new CannedSilo().Answer("GET devices/pump-1/enrolment", 200, View)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "enrolment", "pump-1"));
        Assert.Contains("endorsement\tCN=EK\\u202e\nverified\tyes\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("CN=EK\tCN=CA\tInfineon\t0a\t2026-01-01 00:00:00Z\t2036-01-01 00:00:00Z", run.Output, StringComparison.Ordinal);
        Assert.Contains("root\tubuvjqir\tpump-1\toslo\tapproved\t2026-01-01 00:00:00Z\tann", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_waiting_device_proved_is_printed_beside_its_hardware()
    {
        const string View = """{"device":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","admittedBy":"join token 1","endorsement":null,"seen":[],"proof":{"provenAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:10:00Z","policy":4,"references":2,"status":"contraindicated","unjudged":null,"because":[{"check":"file.digest","claim":"/app/x","expected":"sha256 aa","got":"sha256 bb","rule":"policy site #4","outcome":"fail"}],"good":12,"unknown":1,"different":1,"files":[{"name":"/app/x","digest":"bb","outcome":"fail","expected":["aa"],"firstSeen":null,"seenOn":0,"of":9,"rare":false},{"name":"/app/\u202enew","digest":"cc","outcome":"not-compared"}],"registers":[{"pcr":7,"value":"dd","outcome":"pass","expected":["dd"],"seenOn":9,"of":9}]}}""";
        var run = await new CliRun(new CannedSilo().Answer("GET devices/pump-1/enrolment", 200, View)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("enroll", "show", "pump-1"));
        foreach (var line in (string[])["would be\tcontraindicated", "reference values\tversion 2", "known as good\t12", "different\t1", "fail\t/app/x\tbb\taa\t0 of 9", "not-compared\t/app/\\u202enew\tcc\t-\t-", "pass\t7\t", "fail\tfile.digest\t/app/x"])
            Assert.Contains(line, run.Output, StringComparison.Ordinal);
        run = await new CliRun(new CannedSilo().Answer("GET devices/pump-1/enrolment", 200, View.Replace("\"references\":2,\"status\":\"contraindicated\",\"unjudged\":null", "\"references\":null,\"status\":null,\"unjudged\":\"no evidence\"", StringComparison.Ordinal))).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("enroll", "show", "pump-1"));
        Assert.Contains("would be\tnot judged: no evidence\nreference values\tnone for this model: it would be the first", run.Output, StringComparison.Ordinal);
    }
}
