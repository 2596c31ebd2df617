using System.Text.Json;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Tests.Cli;

public sealed class EdgeTests
{
    private const string Line = """{"from":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","fromName":"sensor-1","to":"agvbuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","toName":"sensor-2","status":"contraindicated","tier":"tpm-quote","fresh":true,"issuedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:01:00Z","doubted":false}""";

    private const string Detail = """
        {"forward":{"from":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","fromName":"sensor-1","to":"agvbuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","toName":"sensor-2","status":"contraindicated","tier":"tpm-quote","fresh":true,
          "issuedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:01:00Z","policy":"default","policyVersion":3,"referenceVersion":4,"revocationSerial":5,"nonceAgeMs":120,"passed":30,
          "because":[{"check":"file.digest","claim":"/etc/pump.conf","expected":"sha256 aa","got":"sha256 bb","rule":"reference pump #2","outcome":"fail"}],
          "rounds":[{"sequence":9,"at":"2026-01-01T00:00:00Z","status":"contraindicated","nonceAgeMs":120,"reason":"/etc/pump.conf"},{"sequence":8,"at":"2025-12-31T23:59:00Z","status":"affirming","nonceAgeMs":90,"reason":null}],"doubted":true},
         "back":null}
        """;

    [Fact]
    public async Task List_prints_edges_of_one_device_or_all()
    {
        var silo = new CannedSilo().Answer("GET edges?limit=10000", 200, Page(Line, null)).Answer("GET edges?device=sensor-1&limit=10000", 200, Page("", null));
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("edge", "list"));
        Assert.Equal("FROM\tTO\tSTATUS\tFRESH\tTIER\tEXAMINED\tEXPIRES\tDOUBTED\nsensor-1\tsensor-2\tcontraindicated\tyes\ttpm-quote\t2026-01-01 00:00:00Z\t2026-01-01 00:01:00Z\tno\n", run.Output);
        Assert.Equal(0, await run.RunAsync("edge", "list", "sensor-1", "--json"));
        Assert.EndsWith("[]\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_asks_the_silo_with_a_query_and_looks()
    {
        var silo = new CannedSilo().Answer("GET edges?q=site%3Aoslo%20age%3E10m&look=stale%2Ccontraindicated&limit=10000", 200, Page(Line, null)).Refuse("GET edges?device=sensor-1&q=sit%3Aoslo&limit=10000", 400, "invalid");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("edge", "list", "--query", "site:oslo age>10m", "--look", "stale,contraindicated"));
        Assert.Contains("sensor-1\tsensor-2\tcontraindicated", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, await run.RunAsync("edge", "list", "sensor-1", "-q", "sit:oslo"));
    }

    [Fact]
    public async Task List_follows_the_pages_takes_a_silo_of_before_and_lets_go_of_one_that_has_no_end()
    {
        var second = Line.Replace("sensor-1", "sensor-0", StringComparison.Ordinal);
        var silo = new CannedSilo().Answer("GET edges?limit=10000", 200, Page(Line, "a\\tb")).Answer("GET edges?limit=10000&cursor=a%09b", 200, Page(second, null)).Answer("GET edges?device=sensor-1&limit=10000", 200, $"[{Line},{second}]")
            .Answer("GET edges?device=sensor-2&limit=10000", 200, Page(Line, "on")).Answer("GET edges?device=sensor-2&limit=10000&cursor=on", 200, Page(Line, "on")).Answer("GET edges?device=sensor-3&limit=10000", 200, "{\"items\":7}");
        var run = await new CliRun(silo).SignedInAsync();
        foreach (var arguments in (string[][])[["edge", "list", "--json"], ["edge", "list", "sensor-1", "--json"]])
        {
            Assert.True(await run.RunAsync(arguments) == 0, run.Error);
            using var printed = JsonDocument.Parse(run.Output);
            Assert.Equal(["sensor-1", "sensor-0"], printed.RootElement.EnumerateArray().Select(edge => edge.GetProperty("fromName").GetString()));
        }
        Assert.Equal(1, await run.RunAsync("edge", "list", "sensor-2"));
        Assert.Contains("sends more than any answer", run.Error, StringComparison.Ordinal);
        Assert.InRange(silo.Seen.Count(one => one.Route.Contains("sensor-2", StringComparison.Ordinal)), 1, EdgePages.MostPages);
        Assert.Equal(1, await run.RunAsync("edge", "list", "sensor-3"));
    }

    private static string Page(string items, string? next) => $$$"""{"items":[{{{items}}}],"next":{{{(next is null ? "null" : $"\"{next}\"")}}},"total":1,"later":{"than":[1]}}""";

    [Fact]
    public async Task Show_prints_verdict_reasons_and_rounds()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET edges/sensor-1/sensor-2", 200, Detail)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("edge", "show", "sensor-1", "sensor-2"));
        Assert.Contains("policy\tdefault version 3\n", run.Output);
        Assert.Contains("nonce age\t120 ms\n", run.Output);
        Assert.Contains("doubted\tyes", run.Output);
        Assert.Contains("fail\tfile.digest\t/etc/pump.conf\tsha256 aa\tsha256 bb\treference pump #2\n", run.Output);
        Assert.Contains("9\t2026-01-01 00:00:00Z\tcontraindicated\t120 ms\t/etc/pump.conf\n8\t2025-12-31 23:59:00Z\taffirming\t90 ms\t-\n", run.Output);
        Assert.DoesNotContain("The other way", run.Output);
    }

    [Fact]
    public async Task Json_of_an_edge_has_the_names_of_the_API()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET edges/sensor-1/sensor-2", 200, Detail)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("edge", "show", "sensor-1", "sensor-2", "--json"));
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(9, document.RootElement.GetProperty("forward").GetProperty("rounds")[0].GetProperty("sequence").GetInt32());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("back").ValueKind);
    }

    [Fact]
    public async Task Examine_asks_the_silo_and_a_device_that_is_away_is_a_conflict()
    {
        var silo = new CannedSilo().Answer("POST edges/sensor-1/sensor-2/examine", 202, "").Refuse("POST edges/sensor-1/sensor-3/examine", 409, "conflict");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("edge", "examine", "sensor-1", "sensor-2"));
        Assert.Equal(5, await run.RunAsync("edge", "examine", "sensor-1", "sensor-3"));
        Assert.Equal(3, await run.RunAsync("edge", "show", "../x", "sensor-3"));
        Assert.Equal("GET edges/..%2Fx/sensor-3", silo.Seen[^1].Route);
    }
}
