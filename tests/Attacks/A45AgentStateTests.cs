using System.Diagnostics;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Life;
using TrustMesh.Tests.Agent;

namespace TrustMesh.Tests.Attacks;

/// <summary>The agent's own files: private from the start, and nothing believed that others could have put there.</summary>
public sealed class A45AgentStateTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Folder folder = new();

    private string State => folder["state"];

    [Fact]
    public async Task A45_Every_file_of_a_run_is_0600_in_a_directory_of_0700()
    {
        using var authority = new FakeAuthority();
        await using var silo = await FakeSilo.StartAsync(authority);
        await using var agent = new AgentProcess(folder, silo.Address, AgentProcess.Software, authority.TokenText());
        folder.Write("measured/a", "1");
        agent.Start();
        await silo.ProvenAsync(1);
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(State, AgentStatus.FileName)), "the status");
        Assert.Equal(0, await agent.TerminateAsync());
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(State));
        var files = Directory.GetFiles(State);
        Assert.Superset(new HashSet<string> { "identity.json", "measurements", "status.json", "identity.key" }, files.Select(Path.GetFileName).ToHashSet()!);
        Assert.All(files, file => Assert.Equal((file, Owner), (file, File.GetUnixFileMode(file))));
    }

    [Fact]
    public void A45_A_file_is_private_before_its_first_byte_and_replaced_as_a_whole()
    {
        using var state = StateDirectory.Open(State);
        state.Replace("x", "first"u8);
        using var reader = File.OpenRead(Path.Combine(State, "x"));
        state.Replace("x", "second"u8);
        Assert.Equal("first", new StreamReader(reader).ReadToEnd());
        Assert.Equal("second"u8.ToArray(), state.Read("x"));
        Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(State, "x")));
    }

    [Fact]
    public void A45_A_symlink_in_place_of_a_state_file_is_not_read()
    {
        Make().Dispose();
        File.CreateSymbolicLink(Path.Combine(State, "identity.json"), folder.Write("elsewhere", "{}"));
        using var state = StateDirectory.Open(State);
        Assert.Contains("is a symlink", Assert.Throws<StateException>(() => state.Read("identity.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A45_A_symlink_in_place_of_a_state_file_is_not_written_through()
    {
        Make().Dispose();
        var target = folder.Write("elsewhere", "untouched");
        File.CreateSymbolicLink(Path.Combine(State, "status.json"), target);
        using var state = StateDirectory.Open(State);
        state.Replace("status.json", "new"u8);
        Assert.Equal("untouched", File.ReadAllText(target));
        Assert.Null(new FileInfo(Path.Combine(State, "status.json")).LinkTarget);
    }

    [Fact]
    public void A45_A_temporary_file_somebody_put_in_the_way_is_not_written_into()
    {
        using var state = Make();
        var target = folder.Write("elsewhere", "untouched");
        File.CreateSymbolicLink(Path.Combine(State, $".new-x-{Environment.ProcessId}"), target);
        state.Replace("x", "secret"u8);
        Assert.Equal("untouched", File.ReadAllText(target));
        Assert.Equal("secret"u8.ToArray(), state.Read("x"));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A45_A_state_file_others_can_open_is_not_believed(UnixFileMode more)
    {
        using var state = Make();
        state.Replace("x", "1"u8);
        File.SetUnixFileMode(Path.Combine(State, "x"), Owner | more);
        Assert.Contains("can be opened by others", Assert.Throws<StateException>(() => state.Read("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A45_A_state_file_with_a_second_name_is_not_believed()
    {
        using var state = Make();
        state.Replace("x", "1"u8);
        using (var link = Process.Start("ln", [Path.Combine(State, "x"), folder["second"]])) link.WaitForExit();
        Assert.Contains("second name", Assert.Throws<StateException>(() => state.Read("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A45_A_state_file_of_another_user_is_not_believed()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a file away");
        using var state = Make();
        state.Replace("x", "1"u8);
        using (var chown = Process.Start("chown", ["65534", Path.Combine(State, "x")])) chown.WaitForExit();
        Assert.Contains("belongs to user 65534", Assert.Throws<StateException>(() => state.Read("x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A45_A_state_directory_others_can_write_is_refused(UnixFileMode more)
    {
        Make().Dispose();
        File.SetUnixFileMode(State, Owner | UnixFileMode.UserExecute | more);
        Assert.Contains("chmod 700", Assert.Throws<StateException>(() => StateDirectory.Open(State)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A45_A_state_directory_below_one_everybody_can_write_is_refused()
    {
        Directory.CreateDirectory(folder["open"]);
        File.SetUnixFileMode(folder["open"], (UnixFileMode)0x1ff);
        Assert.Contains("can be written by everybody", Assert.Throws<StateException>(() => StateDirectory.Open(folder["open/state"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A45_A_log_that_is_a_symlink_ends_the_start_and_is_left_alone()
    {
        using var state = Make();
        var target = folder.Write("elsewhere", "untouched");
        File.CreateSymbolicLink(Path.Combine(State, "measurements"), target);
        Assert.Throws<StateException>(() => new TrustMesh.Agent.Measuring.Attester(new RegisterRoot(), state));
        Assert.Equal("untouched", File.ReadAllText(target));
    }

    [Fact]
    public void Two_agents_do_not_share_a_state()
    {
        using var first = Make();
        Assert.Contains("Another trustmesh-agent", Assert.Throws<StateException>(() => StateDirectory.Open(State)).Message, StringComparison.Ordinal);
        Assert.True(StateDirectory.Peek(State).InUse());
    }

    [Fact]
    public void What_a_killed_agent_left_half_written_is_swept_away()
    {
        Make().Dispose();
        File.WriteAllText(Path.Combine(State, ".new-identity.json-4711"), "half");
        using var state = StateDirectory.Open(State);
        Assert.Empty(Directory.GetFiles(State, ".new-*"));
    }

    public void Dispose() => folder.Dispose();

    private StateDirectory Make() => StateDirectory.Open(State);
}
