using System.Text.Json;

namespace TrustMesh.Tests.Cli;

public sealed class RevocationCommandTests
{
    private const string View = """
        {"serial":7,"uri":"urn:trustmesh:demo:status","issuedAt":"2026-01-01T00:00:00.123Z","expiresAt":"2026-01-05T00:00:00Z","size":1024,
         "devices":[{"id":"aeubuvjqirbbfvkcnqfyj2jxqbcvxrbfkkkrdlblpbfwgdhsrtd3a","name":"sensor-1","standing":"revoked","index":3,"since":7,"at":"2026-01-01T00:00:00Z","reason":"stolen"}]}
        """;

    private const string History = """
        [{"serial":8,"issuedAt":"2026-01-01T06:00:00Z","expiresAt":"2026-01-05T00:00:00Z","size":1024,"changes":[]},
         {"serial":7,"issuedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-05T00:00:00Z","size":1024,"changes":[
           {"id":"a","name":"sensor-1","standing":"revoked","index":3,"at":"2026-01-01T00:00:00Z","actor":"ana","reason":"stolen\u001b[31m"},
           {"id":"b","name":"sensor-2","standing":"suspended","index":4,"at":"2026-01-01T00:00:00Z","actor":"peers","reason":null}]}]
        """;

    private const string Propagation = """
        {"serial":7,"issuedAt":"2026-01-01T00:00:00Z","devices":3,"acknowledged":2,"p50Ms":80,"p99Ms":1130,
         "acks":[{"id":"aeubuvjqirbbfvkcnqfyj2jxqbcvxrbfkkkrdlblpbfwgdhsrtd3a","name":"sensor-3","milliseconds":1130,"gaps":2}],"waiting":["sensor-4"]}
        """;

    [Fact]
    public async Task Show_prints_the_list_in_force_its_devices_and_why()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET revocations", 200, View)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("revocation", "show"));
        Assert.StartsWith("serial\t7\nlist\turn:trustmesh:demo:status\nissued\t2026-01-01 00:00:00Z\nexpires\t2026-01-05 00:00:00Z\nentries\t1024\nlisted\t1\n", run.Output);
        Assert.EndsWith("ID\tNAME\tSTANDING\tSINCE\tAT\tREASON\nubuvjqir\tsensor-1\trevoked\t7\t2026-01-01 00:00:00Z\tstolen\n", run.Output);
    }

    [Fact]
    public async Task A44_List_prints_what_each_list_changed_and_shows_what_reasons_hide()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET revocations/history?limit=100", 200, History)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("revocation", "list"));
        Assert.Equal(
            ["SERIAL\tISSUED\tDEVICE\tNOW\tBY\tREASON", "8\t2026-01-01 06:00:00Z\t-\tsigned anew\t-\t-", "7\t2026-01-01 00:00:00Z\tsensor-1\trevoked\tana\tstolen\\u001b[31m", "7\t2026-01-01 00:00:00Z\tsensor-2\tsuspended\tpeers\t-"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory, InlineData("GET revocations/propagation?serial=7", "7"), InlineData("GET revocations/propagation")]
    public async Task Propagation_prints_how_far_a_list_has_come(string route, params string[] serial)
    {
        var run = await new CliRun(new CannedSilo().Answer(route, 200, Propagation)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync(["revocation", "propagation", .. serial]));
        Assert.Contains("acknowledged\t2 of 3\np50\t80 ms\np99\t1130 ms\ngaps\t1\nmissing\tsensor-4\n", run.Output);
        Assert.EndsWith("ID\tNAME\tAFTER\tGAPS\nubuvjqir\tsensor-3\t1130 ms\t2\n", run.Output);
    }

    [Theory]
    [InlineData("GET revocations", View, "serial", "show")]
    [InlineData("GET revocations/history?limit=5", History, null, "list", "--limit", "5")]
    [InlineData("GET revocations/propagation", Propagation, "acknowledged", "propagation")]
    public async Task Json_is_the_document_of_the_API(string route, string document, string? member, params string[] command)
    {
        var run = await new CliRun(new CannedSilo().Answer(route, 200, document)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync(["revocation", .. command, "--json"]));
        using var printed = JsonDocument.Parse(run.Output);
        if (member is not null) Assert.True(printed.RootElement.TryGetProperty(member, out _));
        else Assert.Equal(2, printed.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task A_list_that_is_not_followed_any_more_is_3_and_a_word_for_a_serial_is_2()
    {
        var run = await new CliRun(new CannedSilo().Refuse("GET revocations/propagation?serial=1", 404, "not_found")).SignedInAsync();
        Assert.Equal(3, await run.RunAsync("revocation", "propagation", "1"));
        Assert.Equal(2, await run.RunAsync("revocation", "propagation", "first"));
        Assert.Equal(2, await run.RunAsync("revocation"));
    }

    [Fact]
    public async Task Policy_takes_grace_quorum_and_peers_and_shows_them()
    {
        var silo = new CannedSilo().Answer("PUT policy", 200, """
            {"id":"default","version":2,"bank":"sha256","pcrs":[13],"measurementPcr":13,"lifetimeSeconds":60,"intervalSeconds":20,"tiers":["tpm-quote"],"channelBindingRequired":true,
             "mayChange":[],"deniedFirmware":[],"unknownFile":"warning","issuedAt":"2026-01-01T00:00:00Z","expiresAt":"2027-01-01T00:00:00Z","graceSeconds":3600,"quorum":0,"peers":6}
            """);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("policy", "set", "--grace", "1h", "--quorum", "0", "--peers", "6"));
        using var sent = JsonDocument.Parse(silo.Seen[^1].Body);
        Assert.Equal((3600, 0, 6), (sent.RootElement.GetProperty("graceSeconds").GetInt32(), sent.RootElement.GetProperty("quorum").GetInt32(), sent.RootElement.GetProperty("peers").GetInt32()));
        Assert.Contains("grace\t3600 s\nquorum\tnever\npeers\t6\n", run.Output);
        Assert.Equal(2, await run.RunAsync("policy", "set", "--grace", "soon"));
    }
}
