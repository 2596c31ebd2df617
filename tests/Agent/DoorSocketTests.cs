using System.Net.Sockets;
using TrustMesh.Agent.Configuration;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Agent;

/// <summary>Where the socket stands, and what it refuses to stand in.</summary>
public sealed class DoorSocketTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Folder folder = new();

    [Theory]
    [InlineData(Private)]
    [InlineData(DoorSettings.DefaultMode)]
    [InlineData(DoorSettings.DefaultMode | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    public async Task The_socket_has_the_mode_of_the_configuration_and_is_gone_afterwards(UnixFileMode mode)
    {
        await using (var door = await RunningDoor.OpenAsync(folder, mode: mode)) Assert.Equal(mode, File.GetUnixFileMode(door.Path));
        Assert.False(Path.Exists(folder["door.sock"]));
    }

    [Fact]
    public async Task A_socket_that_a_dead_agent_left_is_replaced()
    {
        Leave(folder["door.sock"]);
        await using var door = await RunningDoor.OpenAsync(folder);
        Assert.Equal(0, (await DoorTalk.AskAsync(door.Path, """{"status":true}""")).GetProperty("peers").GetInt32());
    }

    [Fact]
    public async Task A_socket_at_which_an_agent_answers_is_left_alone()
    {
        await using var first = await RunningDoor.OpenAsync(folder);
        await RefusedAsync("answers");
        Assert.Equal(0, (await DoorTalk.AskAsync(first.Path, """{"status":true}""")).GetProperty("peers").GetInt32());
    }

    [Fact]
    public async Task A45_A_symlink_in_its_place_is_not_followed()
    {
        Leave(folder["elsewhere"]);
        File.CreateSymbolicLink(folder["door.sock"], folder["elsewhere"]);
        await RefusedAsync("symlink");
        Assert.True(Path.Exists(folder["elsewhere"]));
        File.Delete(folder["door.sock"]);
        File.CreateSymbolicLink(folder["door.sock"], folder["nothing"]);
        await RefusedAsync("symlink");
        Assert.False(Path.Exists(folder["nothing"]));
    }

    [Fact]
    public async Task A45_A_file_or_folder_in_its_place_is_left_alone()
    {
        folder.Write("door.sock", "precious");
        await RefusedAsync("not a socket");
        Assert.Equal("precious", File.ReadAllText(folder["door.sock"]));
        File.Delete(folder["door.sock"]);
        Directory.CreateDirectory(folder["door.sock"]);
        await RefusedAsync("not a socket");
    }

    [Fact]
    public async Task A45_A_folder_that_others_may_write_is_refused()
    {
        var mode = File.GetUnixFileMode(folder.FullPath);
        File.SetUnixFileMode(folder.FullPath, mode | UnixFileMode.GroupWrite);
        await RefusedAsync("chmod go-w");
        File.SetUnixFileMode(folder.FullPath, mode);
    }

    [Fact]
    public async Task A45_A_folder_of_somebody_else_is_refused()
    {
        Assert.SkipUnless(Environment.UserName == "root", "giving a folder away needs root");
        Directory.CreateDirectory(folder["theirs"]);
        Command.Run("/", "chown", "65534", folder["theirs"]);
        await RefusedAsync("belongs to user 65534", "theirs/door.sock");
    }

    [Theory]
    [InlineData(107, true)]
    [InlineData(108, false)]
    public async Task A_path_has_107_bytes_at_most(int length, bool good)
    {
        var name = new string('x', length - folder.FullPath.Length - 1);
        if (!good) await RefusedAsync("108 bytes", name);
        else
        {
            await using var door = await RunningDoor.OpenAsync(folder, name: name);
            Assert.Equal(length, door.Path.Length);
            Assert.Equal(0, (await DoorTalk.AskAsync(door.Path, """{"status":true}""")).GetProperty("peers").GetInt32());
        }
    }

    [Fact]
    public Task A_folder_that_is_not_there_is_named() => RefusedAsync("no such file", "nowhere/door.sock");

    public void Dispose() => folder.Dispose();

    /// <summary>A bound socket's file, whose process is as good as dead: nobody listens.</summary>
    private static void Leave(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path + ".x"));
        File.Move(path + ".x", path);
    }

    private async Task RefusedAsync(string expected, string name = "door.sock")
    {
        var refused = await Assert.ThrowsAsync<IOException>(async () => await RunningDoor.OpenAsync(folder, name: name));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }
}
