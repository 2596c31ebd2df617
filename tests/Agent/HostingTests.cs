using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Hosting;

namespace TrustMesh.Tests.Agent;

public sealed class HostingTests : IDisposable
{
    private readonly Folder folder = new();

    [Fact]
    public void Tells_systemd_that_it_is_ready_and_alive()
    {
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(folder["notify"]));
        using var service = new ServiceNotification(folder["notify"], "30000000");
        service.Ready();
        service.Alive();
        service.Status("Waiting:\nfor more");
        Assert.Equal(["READY=1", "WATCHDOG=1", "STATUS=Waiting: for more"], Enumerable.Range(0, 3).Select(_ => Receive(systemd)));
        Assert.Equal(TimeSpan.FromSeconds(15), service.WatchdogPeriod);
    }

    [Fact]
    public void Works_without_systemd_and_with_a_socket_that_is_gone()
    {
        using var without = new ServiceNotification(null, null);
        without.Ready();
        using var gone = new ServiceNotification(folder["nothing"], "1000");
        gone.Ready();
        Assert.Null(without.WatchdogPeriod);
    }

    [Fact]
    public void Under_systemd_a_line_starts_with_its_priority()
    {
        Assert.StartsWith("<4>careful", Write(underSystemd: true, LogLevel.Warning, "careful"), StringComparison.Ordinal);
        Assert.Contains(" warning careful", Write(underSystemd: false, LogLevel.Warning, "careful"), StringComparison.Ordinal);
    }

    [Fact]
    public void A44_A_text_from_outside_can_not_forge_a_second_line()
    {
        var written = Write(underSystemd: true, LogLevel.Information, "measured /x\n<3>everything is fine\u001b[2J");
        Assert.Single(written.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain('\u001b', written);
    }

    public void Dispose() => folder.Dispose();

    private static string Receive(Socket socket)
    {
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private static string Write(bool underSystemd, LogLevel level, string text)
    {
        var writer = new StringWriter();
        ILogger journal = new Journal(writer, underSystemd, LogLevel.Information, TimeProvider.System);
        journal.Log(level, new EventId(1), text, null, (state, _) => state);
        return writer.ToString();
    }
}
