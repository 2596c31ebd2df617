namespace TrustMesh.Tests.Cli;

public sealed class TagCommandTests
{
    private const string Id = "agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi";

    private const string Tried = $$"""{"act":"tag","dryRun":true,"count":1,"devices":[{"id":"{{Id}}","name":"pump-1","site":"oslo","outcome":"would","why":"Its tags would be lab."},{"id":"b","name":"pump-2","site":"oslo","outcome":"already"}]}""";

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_sends_nothing_else()
    {
        var silo = new CannedSilo().Answer("POST devices/tags", 200, Tried);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("device", "tag", "add", "lab,line-3", "--query", "site:oslo", "--dry-run") == 0, run.Error);
        Assert.Equal("""{"add":["lab","line-3"],"remove":null,"devices":null,"query":"site:oslo","seen":null,"reason":null,"dryRun":true}""", Assert.Single(silo.Seen, one => one.Route == "POST devices/tags").Body);
        Assert.Contains("ubuvjqir\tpump-1\toslo\twould\tIts tags would be lab.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_tried_is_what_is_sent_and_only_with_yes()
    {
        var silo = new CannedSilo().Answer("POST devices/tags", 200, Tried);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(2, await run.RunAsync("device", "tag", "remove", "lab", "--query", "site:oslo"));
        Assert.Contains("--yes", run.Error, StringComparison.Ordinal);
        Assert.All(silo.Seen, one => Assert.DoesNotContain("\"dryRun\":false", one.Body, StringComparison.Ordinal));
        await run.RunAsync("device", "tag", "remove", "lab", "--query", "site:oslo", "--yes", "--reason", "hall 3");
        Assert.Equal($$"""{"add":null,"remove":["lab"],"devices":["{{Id}}"],"query":null,"seen":null,"reason":"hall 3","dryRun":false}""", silo.Seen[^1].Body);
    }

    [Theory]
    [InlineData("Name either a device or a --query.", "lab")]
    [InlineData("Name either a device or a --query.", "lab", "pump-1", "--query", "site:oslo")]
    [InlineData("A tag is 1 to 32 of", "Lab", "pump-1")]
    [InlineData("A tag is 1 to 32 of", "lab\u001b[31m", "pump-1")]
    [InlineData("A tag is 1 to 32 of", ",", "pump-1")]
    public async Task A44_What_is_wrong_with_the_line_is_said_and_no_silo_is_asked(string says, params string[] line)
    {
        var silo = new CannedSilo();
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(2, await run.RunAsync(["device", "tag", "add", .. line]));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(silo.Seen, one => one.Route.Contains("devices", StringComparison.Ordinal));
    }
}
