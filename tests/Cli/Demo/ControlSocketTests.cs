using System.Net.Sockets;
using System.Runtime.Versioning;
using TrustMesh.Cli.Demo;

namespace TrustMesh.Tests.Cli.Demo;

[SupportedOSPlatform("linux")]
public sealed class ControlSocketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string root = Directory.CreateTempSubdirectory("trustmesh-control-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory, InlineData(1), InlineData(120)]
    public async Task A_command_arrives_however_long_the_path_of_the_folder_is(int length)
    {
        using var folder = DemoFolder.Open(Path.Combine(root, new string('x', length)));
        var heard = new List<string>();
        await using (new ControlSocket(folder, (line, _) =>
        {
            heard.Add(line);
            return Task.FromResult(new ControlAnswer(line == ControlCommand.Status ? null : "no", new("running", "http://127.0.0.1:1", "", folder.Path, [], [])));
        }))
        {
            var cli = new CliRun { ["TRUSTMESH_TOKEN_FILE"] = folder.Token };
            Assert.Equal(0, await cli.RunAsync("demo", "status", "--json"));
            Assert.Contains(folder.Path, cli.Output);
            Assert.Equal(5, await cli.RunAsync("demo", "silo", "stop", "--state", folder.Path));
            Assert.Contains("no", cli.Error);
            Assert.Equal(5, await cli.RunAsync("demo", "silo", "restart"));
        }
        Assert.Equal(["status", "silo stop", "silo restart"], heard);
        Assert.Equal(3, await new CliRun { ["TRUSTMESH_TOKEN_FILE"] = folder.Token }.RunAsync("demo", "status"));
    }

    [Fact]
    public async Task A_caller_that_says_too_much_or_goes_away_does_not_stop_the_next_one()
    {
        using var folder = DemoFolder.Open(Path.Combine(root, "demo"));
        await using var control = new ControlSocket(folder, (_, _) => Task.FromResult(new ControlAnswer(null, new("stopped", "", "", folder.Path, [], []))));
        using (var talker = await CallAsync(folder))
        {
            await talker.SendAsync(new byte[ControlCommand.Longest + 1]);
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                Assert.Equal(0, await talker.ReceiveAsync(new byte[1], limit.Token));
            }
            catch (SocketException reset)
            {
                // It hung up before it had read everything.
                Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
            }
        }
        (await CallAsync(folder)).Dispose();
        Assert.Equal("stopped", (await ControlSocket.AskAsync(folder.Path, ControlCommand.Status, CancellationToken.None)).Status.Silo);
    }

    [Fact]
    public async Task Without_a_folder_or_without_a_demo_it_says_so()
    {
        var nowhere = new CliRun();
        Assert.Equal(2, await nowhere.RunAsync("demo", "status"));
        Assert.Contains("--state", nowhere.Error);
        Assert.Equal(3, await nowhere.RunAsync("demo", "silo", "start", "--state", root));
    }

    private static async Task<Socket> CallAsync(DemoFolder folder)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.Socket("control.sock")));
        return socket;
    }
}
