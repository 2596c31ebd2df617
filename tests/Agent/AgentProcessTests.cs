using TrustMesh.Agent.Commands;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Agent;

public sealed class AgentProcessTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly FakeAuthority authority = new();

    [Fact]
    public async Task SIGTERM_ends_it_with_exit_code_0_even_while_no_silo_answers()
    {
        await using var agent = new AgentProcess(folder, new("https://localhost:1"), AgentProcess.Software, authority.TokenText());
        folder.Write("measured/a", "1");
        agent.Start();
        await Eventually.TrueAsync(() => agent.Lines.Any(line => line.Contains("BackingOff", StringComparison.Ordinal)), "the first failure");
        Assert.Equal(ExitCode.Ok, await agent.TerminateAsync());
        Assert.Contains("Stopped.", agent.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_ends_it_with_exit_code_2_and_every_problem()
    {
        var file = folder.Write("agent.json", """{"nmae": "x"}""");
        var (code, output, error) = await AgentProcess.RunAsync("run", "--config", file);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains("did you mean \"name\"?", error, StringComparison.Ordinal);
        Assert.Contains("\"silo\" is missing", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("run")]
    [InlineData("rnu", "--config", "x")]
    [InlineData("run", "--config", "x", "--no-such-option")]
    public async Task Wrong_usage_is_exit_code_2(params string[] arguments)
    {
        var (code, output, error) = await AgentProcess.RunAsync(arguments);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_agent_with_the_same_state_ends_with_exit_code_1()
    {
        await using var agent = new AgentProcess(folder, new("https://localhost:1"), AgentProcess.Software, authority.TokenText());
        folder.Write("measured/a", "1");
        agent.Start();
        await Eventually.TrueAsync(() => agent.Lines.Any(line => line.Contains("BackingOff", StringComparison.Ordinal)), "the first failure");
        var (code, _, error) = await AgentProcess.RunAsync("run", "--config", agent.ConfigFile);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("Another trustmesh-agent", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_TPM_that_is_not_there_is_a_failure_and_never_a_software_root()
    {
        await using var agent = new AgentProcess(folder, new("https://localhost:1"), AgentProcess.Tpm($"unix:{folder["no.sock"]}"), authority.TokenText());
        folder.Write("measured/a", "1");
        var (code, _, error) = await AgentProcess.RunAsync("run", "--config", agent.ConfigFile);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("no.sock", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["state/identity.key"]));
    }

    [Fact]
    public async Task Status_without_an_agent_is_exit_code_3_and_says_that_there_is_none()
    {
        await using var agent = new AgentProcess(folder, new("https://localhost:1"), AgentProcess.Software, authority.TokenText());
        folder.Write("measured/a", "1");
        var (before, _, never) = await AgentProcess.RunAsync("status", "--config", agent.ConfigFile);
        Assert.Equal(ExitCode.NotFound, before);
        Assert.Contains("No agent has run", never, StringComparison.Ordinal);
        agent.Start();
        await Eventually.TrueAsync(() => agent.Lines.Any(line => line.Contains("BackingOff", StringComparison.Ordinal)), "the first failure");
        Assert.Equal("software", (await agent.StatusAsync()).GetProperty("tier").GetString());
        await agent.TerminateAsync();
        var (after, output, error) = await AgentProcess.RunAsync("status", "--config", agent.ConfigFile);
        Assert.Equal(ExitCode.NotFound, after);
        Assert.Contains("press-1, not running", output, StringComparison.Ordinal);
        Assert.Contains("No agent is running", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_printed_example_passes_the_check()
    {
        var (code, example, _) = await AgentProcess.RunAsync("config", "example");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(ExitCode.Ok, (await AgentProcess.RunAsync("config", "check", "--config", folder.Write("agent.json", example))).Code);
    }

    [Fact]
    public async Task Help_shows_the_first_steps()
    {
        var (code, output, _) = await AgentProcess.RunAsync("--help");
        Assert.Equal(ExitCode.Ok, code);
        foreach (var step in new[] { "config example", "doctor", "run", "status", "Exit codes" }) Assert.Contains(step, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trustmesh-agent.service")]
    [InlineData("trustmesh-silo.service")]
    public void The_systemd_unit_is_exposed_by_2_at_most(string unit)
    {
        Assert.SkipUnless(Command.Exists("systemd-analyze"), "systemd-analyze is not installed");
        var (code, output, error) = Command.Run(folder.FullPath, "systemd-analyze", ["security", "--offline=true", "--no-pager", "--threshold=20", Path.Combine(Repository.Root, "infra", "systemd", unit)]);
        Assert.True(code == 0, output + error);
        Assert.Contains("Overall exposure level", output + error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }
}
