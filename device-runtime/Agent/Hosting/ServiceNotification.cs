using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TrustMesh.Agent.Hosting;

/// <summary>sd_notify(3): tells systemd that the service is ready, what it does, and that it lives. Does nothing without systemd.</summary>
public sealed class ServiceNotification : IDisposable
{
    private readonly Socket? socket;

    /// <param name="address">$NOTIFY_SOCKET: a path, or a name with a leading @.</param>
    /// <param name="watchdogMicroseconds">$WATCHDOG_USEC.</param>
    public ServiceNotification(string? address, string? watchdogMicroseconds)
    {
        if (string.IsNullOrEmpty(address)) return;
        if (long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0)
            WatchdogPeriod = TimeSpan.FromMicroseconds(limit / 2.0);
        socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
        }
        catch (SocketException)
        {
            // systemd's socket is gone or was never there: the service works without it, and systemd ends it if it insists on being told.
            socket.Dispose();
            socket = null;
        }
    }

    /// <summary>How often <see cref="Alive"/> is due, or null where no watchdog is set.</summary>
    public TimeSpan? WatchdogPeriod { get; }

    public static ServiceNotification FromEnvironment()
        => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"));

    public void Ready() => Send("READY=1");

    public void Alive() => Send("WATCHDOG=1");

    public void Stopping() => Send("STOPPING=1");

    /// <summary>One line for <c>systemctl status</c>.</summary>
    public void Status(string text) => Send("STATUS=" + text.ReplaceLineEndings(" "));

    public void Dispose() => socket?.Dispose();

    private void Send(string message)
    {
        try
        {
            socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // As above: a full or closed notification socket must not end a device's agent.
        }
    }
}
