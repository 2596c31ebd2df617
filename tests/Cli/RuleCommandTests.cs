namespace TrustMesh.Tests.Cli;

public sealed class RuleCommandTests
{
    private const string Rule = """{"name":"lab-tpm","query":"site:lab","verified":true,"version":3,"by":"ann\u001b","at":"2026-01-01T00:00:00Z"}""";

    [Fact]
    public async Task Rules_are_listed_set_and_removed()
    {
        var silo = new CannedSilo().Answer("GET enroll/rules", 200, $"[{Rule}]").Answer("PUT enroll/rules/lab-tpm", 200, Rule).Answer("DELETE enroll/rules/lab-tpm", 204, "");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("enroll", "rule", "list") == 0, run.Error);
        Assert.Equal("PLACE\tNAME\tQUERY\tROOT\tVERSION\tBY\tAT\n1\tlab-tpm\tsite:lab\tverified TPM\t3\tann\\u001b\t2026-01-01 00:00:00Z\n", run.Output);
        Assert.Equal(0, await run.RunAsync("enroll", "rule", "set", "lab-tpm", "site:lab", "--software", "--place", "2", "--reason", "a delivery"));
        Assert.Equal("""{"query":"site:lab","verified":false,"place":2,"reason":"a delivery"}""", silo.Seen[^1].Body);
        Assert.Equal(0, await run.RunAsync("enroll", "rule", "remove", "lab-tpm"));
        Assert.Equal(3, await run.RunAsync("enroll", "rule", "remove", "nobody"));
    }

    [Fact]
    public async Task A_test_says_who_would_be_let_in()
    {
        const string Answer = """{"waiting":[{"id":"agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi","name":"pump-1","site":"lab","model":"pump","tier":"software","standing":"pending","joinedAt":"2026-01-01T00:00:00Z","would":"yes","rule":null,"why":null}],"joined":[],"waitingIn":1,"joinedIn":0,"waitingAll":1,"joinedAll":0}""";
        var silo = new CannedSilo().Answer("POST enroll/rules/test", 200, Answer);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("enroll", "rule", "test", "site:lab", "--software", "--since", "1d") == 0, run.Error);
        Assert.Equal("""{"query":"site:lab","verified":false,"sinceSeconds":86400}""", silo.Seen[^1].Body);
        Assert.EndsWith("ubuvjqir\tpump-1\tlab\tpump\tsoftware\tpending\t2026-01-01 00:00:00Z\tyes\t-\t-\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 1 that wait would be let in", run.Error, StringComparison.Ordinal);
    }
}
