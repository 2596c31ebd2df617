using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using TrustMesh.Cli.Demo;

namespace TrustMesh.Tests.Cli.Demo;

[SupportedOSPlatform("linux")]
public sealed class KeptPortTests : IDisposable
{
    private readonly string state = Directory.CreateTempSubdirectory("trustmesh-ports-").FullName;
    private readonly DemoFolder folder;

    public KeptPortTests() => folder = DemoFolder.Open(state);

    public void Dispose()
    {
        folder.Dispose();
        Directory.Delete(state, recursive: true);
    }

    [Fact]
    public void A_port_stays_the_same_until_somebody_else_has_it()
    {
        var first = KeptPort.Of(folder, "silo-1");
        Assert.Equal(first, KeptPort.Of(folder, "silo-1"));
        using var somebody = new TcpListener(IPAddress.Loopback, first);
        somebody.Start();
        var other = KeptPort.Of(folder, "silo-1");
        Assert.NotEqual(first, other);
        Assert.Equal(other, KeptPort.Of(folder, "silo-1"));
    }

    [Theory, InlineData(""), InlineData("many"), InlineData("99999999")]
    public void What_is_no_port_in_the_file_is_replaced(string content)
    {
        Directory.CreateDirectory(Path.Combine(state, "ports"));
        File.WriteAllText(Path.Combine(state, "ports", "redis"), content);
        Assert.InRange(KeptPort.Of(folder, "redis"), 1, 65_535);
    }
}
