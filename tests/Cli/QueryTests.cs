namespace TrustMesh.Tests.Cli;

public sealed class QueryTests
{
    private const string Page = """{"items":[{"id":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","name":"press-1","site":"oslo","model":"press","tier":"software","standing":"active","status":"affirming","fresh":true,"look":"trusted","provenAt":null,"expiresAt":null,"enrolledAt":"2025-01-01T00:00:00Z","version":3}],"next":null,"total":41}""";

    private const string Saved = """{"name":"night","query":"site:oslo age>10m","by":"ann","at":"2026-01-01T00:00:00Z"}""";

    [Fact]
    public async Task A_saved_query_and_one_of_ones_own_both_have_to_hold()
    {
        var silo = new CannedSilo().Answer("GET queries/night", 200, Saved).Answer("GET devices?limit=1000&q=site%3Aoslo%20age%3E10m%20-status%3Afailed", 200, Page);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("device", "list", "--saved", "night", "--query", "-status:failed") == 0, run.Error);
        Assert.Contains("press-1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Count_prints_a_number_and_nothing_else()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET devices?limit=1&q=tier%3Asoftware", 200, Page)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("device", "list", "-q", "tier:software", "--count"));
        Assert.Equal("41\n", run.Output);
    }

    [Fact]
    public async Task What_is_no_query_is_wrong_usage_in_the_words_of_the_silo()
    {
        var run = await new CliRun(new CannedSilo().Refuse("GET devices?limit=1000&q=sit%3Aoslo", 400, "invalid")).SignedInAsync();
        Assert.Equal(2, await run.RunAsync("device", "list", "--query", "sit:oslo"));
        Assert.Contains("A sentence for people.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_are_saved_listed_and_removed()
    {
        var silo = new CannedSilo().Answer("PUT queries/night", 200, Saved).Answer("GET queries", 200, $"[{Saved}]").Answer("DELETE queries/night", 204, "");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("query", "save", "night", "-site:lab model:press"));
        Assert.Equal("""{"query":"-site:lab model:press"}""", silo.Seen[^1].Body);
        Assert.Equal(0, await run.RunAsync("query", "list"));
        Assert.Equal("NAME\tQUERY\tBY\tAT\nnight\tsite:oslo age>10m\tann\t2026-01-01 00:00:00Z\n", run.Output);
        Assert.Equal(0, await run.RunAsync("query", "remove", "night"));
        Assert.Equal(3, await run.RunAsync("query", "remove", "nobody"));
        Assert.Contains("trustmesh query list", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_are_told_without_a_silo()
    {
        var run = new CliRun();
        Assert.Equal(0, await run.RunAsync("query", "fields"));
        Assert.Contains("status\tlook\thow it looks now\ttrusted, warning", run.Output, StringComparison.Ordinal);
    }
}
