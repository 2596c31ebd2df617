namespace TrustMesh.Tests.Cli;

public sealed class RegisterCommandTests
{
    private const string Device = """
        {"device":{"id":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","name":"pump-1","site":"north","model":"pump","tier":"tpm-quote","standing":"active","status":"affirming","fresh":true,"look":"trusted","provenAt":null,"expiresAt":null,"enrolledAt":"2025-01-01T00:00:00Z","version":3},
         "identity":{"root":"tpm","rootKey":"aa","attestationKey":"bb","endorsement":"CN=x","enrolmentId":"cc","firmware":"1","boot":4,"software":"agent 1"},"verdict":null,"measurements":[],"timeline":[],
         "registers":[{"pcr":7,"value":"bb","outcome":"fail","expected":["aa","cc"],"firstSeen":"2026-01-01T00:00:00Z","seenOn":1,"of":40,"rare":true},{"pcr":10,"value":"dd","outcome":"not-compared"}]}
        """;

    private const string Learned = """{"model":"pump","version":3,"expiresAt":"2027-01-01T00:00:00Z","files":{"/app":["aa"]},"registers":{"0":["aa"],"7":["bb"]}}""";

    [Fact]
    public async Task Registers_say_what_they_hold_what_is_expected_and_how_many_have_the_same()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET devices/pump-1", 200, Device)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "registers", "pump-1"));
        Assert.Equal(
            ["OUTCOME\tPCR\tHOLDS\tGOT\tEXPECTED\tFIRST SEEN\tSEEN ON", "fail\t7\tSecure Boot: whether it is on, and its keys\tbb\taa or cc\t2026-01-01 00:00:00Z\t1 of 40, rare",
                "not-compared\t10\tfiles the kernel measured (IMA), grows while the device runs\tdd\t-\t-\t-"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, await run.RunAsync("device", "show", "pump-1"));
        Assert.Contains("fail\t7\tSecure Boot: whether it is on, and its keys\tbb\t1 of 40, rare", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Learning_sends_the_registers_that_are_named_and_no_others()
    {
        var silo = new CannedSilo().Answer("POST references/learn", 200, Learned);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("reference", "learn", "pump-1", "--pcr", "0", "--pcr", "7") == 0, run.Error);
        Assert.Equal("""{"device":"pump-1","pcrs":[0,7]}""", silo.Seen[^1].Body);
        Assert.Equal(0, await run.RunAsync("reference", "learn", "pump-1"));
        Assert.Equal("""{"device":"pump-1"}""", silo.Seen[^1].Body);
    }

    [Fact]
    public async Task The_past_is_told_with_the_tags_of_then()
    {
        const string past = """
            {"from":"2026-01-01T08:00:00Z","to":"2026-01-01T08:00:00Z","begins":"2025-01-01T00:00:00Z","changes":[],"more":false,
             "devices":[{"id":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","name":"pump-1","site":"north","model":"pump","tier":"tpm-quote","look":"trusted","since":"2026-01-01T07:00:00Z","tags":["lab","line-3"]}]}
            """;
        var run = await new CliRun(new CannedSilo().Answer("GET history?from=2026-01-01T08%3A00%3A00.0000000Z&to=2026-01-01T08%3A00%3A00.0000000Z", 200, past)).SignedInAsync();
        Assert.True(await run.RunAsync("history", "at", "2026-01-01T08:00:00Z") == 0, run.Error);
        Assert.Contains("pump-1\tnorth\ttrusted\t2026-01-01 07:00:00Z\tlab,line-3\tubuvjqir\n", run.Output, StringComparison.Ordinal);
    }
}
