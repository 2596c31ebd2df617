using System.Net;
using System.Net.Sockets;
using TrustMesh.Agent.Commands;
using TrustMesh.Agent.Admission;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Agent;

/// <summary>What <c>trustmesh-agent doctor</c> says of socket, firewall, port and addresses.</summary>
public sealed class MeshChecksTests : IDisposable
{
    private readonly Folder folder = new();

    [Fact]
    public async Task Everything_in_order_is_ok()
    {
        var output = await ExamineAsync($$""" "peer": {"listen": "127.0.0.1:{{FreePort()}}"}, "socket": {"path": "door.sock"}""");
        Assert.Matches("ok    socket +applications will ask at .*door.sock .mode 660.", output);
        Assert.Matches("ok    admission +off", output);
        Assert.Matches("ok    peer +127.0.0.1:[0-9]+ is free", output);
        Assert.Matches("ok    addresses +peers are told 127.0.0.1", output);
        Assert.False(Path.Exists(folder["door.sock"]));
    }

    [Fact]
    public async Task A_socket_that_can_not_be_made_fails_with_the_fix()
    {
        File.CreateSymbolicLink(folder["door.sock"], folder["elsewhere"]);
        Assert.Matches("FAIL  socket +.*is a symlink.*remove it", await ExamineAsync(""" "socket": {"path": "door.sock"}"""));
    }

    [Fact]
    public async Task A_port_that_is_taken_or_not_ours_fails_with_the_fix()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Assert.Matches("FAIL  peer +.*ss -ltnp", await ExamineAsync($$""" "peer": {"listen": "{{taken.LocalEndpoint}}"}"""));
        Assert.Matches("FAIL  peer +192.0.2.1:7444.*0.0.0.0 for all", await ExamineAsync(""" "peer": {"listen": "192.0.2.1:7444"}"""));
    }

    [Theory]
    [InlineData("127.0.0.1:PORT", "note  addresses +127.0.0.1:[0-9]+ is a loopback address")]
    [InlineData("192.0.2.1:PORT", "note  addresses +192.0.2.1:[0-9]+ is not an address of this device")]
    [InlineData("0.0.0.0:PORT", "FAIL  addresses +0.0.0.0:[0-9]+ is no address anybody can reach")]
    [InlineData("press-1.example:1", "note  addresses +press-1.example:1 has another port")]
    [InlineData("press-1.example:PORT", "ok    addresses +peers are told press-1.example")]
    public async Task An_address_that_is_not_plausible_is_said(string address, string expected)
    {
        var port = FreePort();
        Assert.Matches(expected, await ExamineAsync($$""" "peer": {"listen": "0.0.0.0:{{port}}", "addresses": ["{{address.Replace("PORT", $"{port}", StringComparison.Ordinal)}}"]}"""));
    }

    [Fact]
    public async Task A_device_without_peers_and_addresses_is_said()
    {
        Assert.Matches("note  peer +this device neither", await ExamineAsync(""" "outboxMegabytes": 8"""));
        Assert.Matches("note  addresses +peers are not told", await ExamineAsync($$""" "peer": {"listen": "0.0.0.0:{{FreePort()}}"}"""));
    }

    [Fact]
    public async Task Admission_says_whether_nft_may_and_what_would_lock_the_device_out()
    {
        Assert.SkipUnless(Nft.IsUsable, "nft is not installed, or this user may not use it");
        var output = await ExamineAsync($$""" "peer": {"listen": "0.0.0.0:{{FreePort()}}"}, "admission": {"mode": "nftables"}""", "https://silo.example:7443");
        Assert.Matches("ok    admission +nft is there and permitted; 0 entries", output);
        Assert.Matches("note  allow +nobody but accepted peers", output);
        Assert.Matches("note  dns +silo.example is a name", output);
        output = await ExamineAsync($$""" "peer": {"listen": "0.0.0.0:{{FreePort()}}"}, "admission": {"mode": "nftables", "allow": ["10.0.0.2 udp 53"]}""", "https://silo.example:7443");
        Assert.DoesNotContain("note  dns", output, StringComparison.Ordinal);
        output = await ExamineAsync($$""" "peer": {"listen": "0.0.0.0:{{FreePort()}}"}, "admission": {"mode": "nftables"}""", "https://127.0.0.1:1\", \"https://silo.example:7443");
        Assert.Matches("note  dns +silo.example is a name", output);
        var (code, tables, said) = Command.Run("/", "/usr/sbin/nft", "list", "tables");
        Assert.True(code == 0, said);
        Assert.DoesNotContain("trustmesh_", tables, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_capability_admission_fails_with_the_fix_and_the_agent_does_not_start()
    {
        Assert.SkipUnless(Nft.IsUsable && Command.Exists("setpriv"), "needs nft, root and setpriv");
        var config = Config($$""" "peer": {"listen": "127.0.0.1:{{FreePort()}}"}, "admission": {"mode": "nftables"}""", "https://127.0.0.1:1");
        foreach (var command in new[] { "doctor", "run" })
        {
            var start = AgentProcess.StartInfo(command, "--config", config);
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("setpriv", ["--bounding-set=-net_admin", "--inh-caps=-net_admin", start.FileName, .. start.ArgumentList])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DOTNET_ROOT"] = start.Environment["DOTNET_ROOT"] },
            })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var limit = new CancellationTokenSource(Eventually.Deadline);
            await process.WaitForExitAsync(limit.Token);
            Assert.Contains("CAP_NET_ADMIN", await output + await error, StringComparison.Ordinal);
            Assert.Contains("trustmesh-agent-admission.conf", await output + await error, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Failure, process.ExitCode);
        }
    }

    public void Dispose() => folder.Dispose();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Config(string more, string silo = "https://localhost:1")
    {
        folder.Write("measured/a", "1");
        return folder.Write("agent.json", $$"""{"name": "press-1", "site": "oslo", "model": "press", "state": "state", "silo": ["{{silo}}"], "root": {"kind": "software"}, "measure": [{"root": "measured", "files": ["**"]}], {{more}}}""");
    }

    private async Task<string> ExamineAsync(string more, string silo = "https://localhost:1")
    {
        var (_, output, error) = await AgentProcess.RunAsync("doctor", "--config", Config(more, silo));
        Assert.Equal("", error);
        return output;
    }
}
