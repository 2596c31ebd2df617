using TrustMesh.Cli;

namespace TrustMesh.Tests.Cli;

public sealed class ExitCodeTests
{
    private const string Devices = "GET devices?limit=1000";

    [Theory]
    [InlineData(401, "unauthenticated", ExitCode.Denied)]
    [InlineData(403, "forbidden", ExitCode.Denied)]
    [InlineData(404, "not_found", ExitCode.NotFound)]
    [InlineData(409, "conflict", ExitCode.Conflict)]
    [InlineData(409, "ambiguous", ExitCode.Conflict)]
    [InlineData(400, "invalid", ExitCode.Usage)]
    [InlineData(413, "too_large", ExitCode.Failure)]
    [InlineData(429, "rate_limited", ExitCode.Failure)]
    [InlineData(503, "unavailable", ExitCode.Failure)]
    public async Task A_refusal_of_the_silo_has_its_exit_code_and_its_sentence(int status, string code, object expected)
    {
        var run = await new CliRun(new CannedSilo().Refuse(Devices, status, code)).SignedInAsync();
        Assert.Equal((int)(ExitCode)expected, await run.RunAsync("device", "list"));
        Assert.Contains("A sentence for people.", run.Error);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("device", "revoke", "sensor-1")]
    [InlineData("device", "suspend", "sensor-1")]
    [InlineData("device", "list", "--look", "purple")]
    [InlineData("enroll", "token", "create", "--uses", "1")]
    [InlineData("enroll", "token", "create", "--uses", "1", "--ttl", "soon")]
    [InlineData("operator", "add", "ana", "--role", "king")]
    [InlineData("policy", "set", "--silo", "ftp://x")]
    [InlineData("device", "list", "--silo", "http://silo.example:7080")]
    [InlineData("demo", "run", "--devices", "0")]
    [InlineData("nonsense")]
    public async Task Wrong_usage_is_2_and_says_what_is_wrong(params string[] arguments)
    {
        var run = new CliRun(new CannedSilo());
        Assert.Equal(2, await run.RunAsync(arguments));
        Assert.NotEmpty(run.Error);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Nobody_signed_in_is_4_and_says_how_to()
    {
        var run = new CliRun(new CannedSilo());
        Assert.Equal(4, await run.RunAsync("device", "list"));
        Assert.Contains("trustmesh sign-in --silo " + CliRun.Silo, run.Error);
    }

    [Fact]
    public async Task A_silo_that_is_not_there_is_1_and_says_where_it_looked()
    {
        var run = new CliRun { Input = "code\n" };
        Assert.Equal(1, await run.RunAsync("sign-in", "--silo", "http://127.0.0.1:1"));
        Assert.Contains("No silo answers at http://127.0.0.1:1/", run.Error);
    }

    [Fact]
    public async Task Something_that_is_no_silo_is_1()
    {
        var run = await new CliRun(new CannedSilo().Answer(Devices, 200, "<html>", "text/html")).SignedInAsync();
        Assert.Equal(1, await run.RunAsync("device", "list"));
        Assert.Contains("does not speak", run.Error);
    }

    [Fact]
    public async Task A_watch_that_is_over_is_7()
    {
        var run = await new CliRun(new CannedSilo().StaySilent("GET events?after=0")).SignedInAsync();
        Assert.Equal(7, await run.RunAsync("events", "watch", "--timeout", "1s"));
    }

    [Fact]
    public async Task Ctrl_C_is_130()
    {
        var silo = new CannedSilo().StaySilent("GET events?after=0");
        using var stop = new CancellationTokenSource();
        var run = await new CliRun(silo) { Stopping = stop.Token }.SignedInAsync();
        var watching = run.RunAsync("events", "watch");
        await stop.CancelAsync();
        Assert.Equal(130, await watching);
    }

    [Fact]
    public async Task Help_tells_every_exit_code_and_variable()
    {
        var run = new CliRun();
        Assert.Equal(0, await run.RunAsync("--help"));
        Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Contains($"{(int)code} ", run.Output));
        Assert.All(new[] { "TRUSTMESH_SILO", "TRUSTMESH_TOKEN_FILE", "NO_COLOR" }, name => Assert.Contains(name, run.Output));
    }
}
