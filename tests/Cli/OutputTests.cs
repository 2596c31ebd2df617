using System.Text.Json;
using TrustMesh.Cli;
using TrustMesh.Cli.Output;

namespace TrustMesh.Tests.Cli;

public sealed class OutputTests
{
    private const string Device = """{"id":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","name":"sensor-1","site":"north","model":"pump","tier":"tpm-quote","standing":"active","status":"affirming","fresh":true,"look":"trusted","provenAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:01:00Z","enrolledAt":"2025-01-01T00:00:00Z","version":3}""";

    private static readonly string Evil = "bad\u001b[31m\u0007name\u202e\n<b>";

    private static string DetailOf(string text) => $$"""
        {"device":{{Device}},"identity":{"root":"tpm","rootKey":"aa","attestationKey":"bb","endorsement":"CN=x","enrolmentId":"cc","firmware":"1","boot":4,"software":"agent 1","membershipUntil":"2026-01-02T00:00:00Z"},
         "verdict":{"status":"contraindicated","tier":"tpm-quote","issuedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:01:00Z","policy":"default","policyVersion":1,"referenceVersion":2,"vector":{"executables":33},
                    "because":[{"check":"file.digest","claim":{{JsonSerializer.Serialize(text)}},"expected":"sha256 aa","got":"sha256 bb","rule":"reference pump #2","outcome":"fail","since":"2025-12-31T23:00:00Z"}]},
         "measurements":[{"name":"/etc/pump.conf","digest":"bb","outcome":"fail"}],
         "timeline":[{"sequence":0,"at":"2026-01-01T00:00:00Z","device":null,"name":null,"kind":"verdict","text":{{JsonSerializer.Serialize(text)}},"actor":"device"}]}
        """;

    [Fact]
    public async Task Show_prints_the_because_list_in_the_words_of_the_API()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET devices/sensor-1", 200, DetailOf("/etc/pump.conf"))).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "show", "sensor-1"));
        Assert.Contains("fail\tfile.digest\t/etc/pump.conf\tsha256 aa\tsha256 bb\treference pump #2\t2025-12-31 23:00:00Z", run.Output);
        Assert.Contains("look\ttrusted", run.Output);
        Assert.Contains("member until\t2026-01-02 00:00:00Z (expire", run.Output);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A44_Text_from_outside_reaches_no_terminal_raw(bool terminal)
    {
        var run = await new CliRun(new CannedSilo().Answer("GET devices/sensor-1", 200, DetailOf(Evil))) { Terminal = terminal }.SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "show", "sensor-1"));
        Assert.DoesNotContain('\u0007', run.Output);
        Assert.DoesNotContain('\u202e', run.Output);
        Assert.DoesNotContain("\u001b[31mname", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\n<b>", run.Output, StringComparison.Ordinal);
        Assert.Contains(@"\u0007", run.Output);
    }

    [Fact]
    public async Task Json_is_one_document_with_the_names_of_the_API_and_nothing_else()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET devices/sensor-1", 200, DetailOf("x"))).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "show", "sensor-1", "--json"));
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("file.digest", document.RootElement.GetProperty("verdict").GetProperty("because")[0].GetProperty("check").GetString());
        Assert.Equal(["device", "identity", "verdict", "measurements", "timeline", "registers"], document.RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task A_list_takes_every_page()
    {
        var silo = new CannedSilo()
            .Answer("GET devices?limit=1000&q=sen", 200, $$"""{"items":[{{Device}}],"next":"abc/1","total":2}""")
            .Answer("GET devices?limit=1000&q=sen&cursor=abc%2F1", 200, $$"""{"items":[{{Device}}],"next":null,"total":2}""");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "list", "--query", "sen"));
        Assert.Equal(3, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("ID\tNAME\tSITE\tMODEL\tLOOK\tTIER\tPROVEN\tTAGS\nubuvjqir\tsensor-1\tnorth\tpump\ttrusted\ttpm-quote\t2026-01-01 00:00:00Z\t-\n", run.Output);
    }

    [Fact]
    public async Task An_id_is_data_and_never_part_of_the_path()
    {
        var silo = new CannedSilo();
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(3, await run.RunAsync("device", "show", "../policy?x=#"));
        Assert.Equal("GET devices/..%2Fpolicy%3Fx%3D%23", silo.Seen[^1].Route);
    }

    [Fact]
    public async Task No_color_leaves_a_terminal_without_escape_codes()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET devices?limit=1000", 200, $$"""{"items":[{{Device}}],"next":null,"total":1}""")) { Terminal = true, ["NO_COLOR"] = "1" }.SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "list"));
        Assert.Contains("sensor-1", run.Output);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Theory]
    [InlineData("45s", 45)]
    [InlineData("30m", 1800)]
    [InlineData("24h", 86_400)]
    [InlineData("7d", 604_800)]
    [InlineData("0s", null)]
    [InlineData("-1s", null)]
    [InlineData("1.5h", null)]
    [InlineData("10", null)]
    [InlineData("h", null)]
    [InlineData("9999999d", null)]
    [InlineData("1 h", null)]
    public void Durations_are_a_number_and_a_unit(string text, int? seconds)
        => Assert.Equal(seconds, (int?)Duration.TryParse(text)?.TotalSeconds);

    [Fact]
    public void A_line_shows_what_it_hides()
        => Assert.Equal(@"a\u000ab\u2028c\u200bd", Shown.Line("a\nb\u2028c\u200bd"));
}
