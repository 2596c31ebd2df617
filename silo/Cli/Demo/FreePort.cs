using System.Net;
using System.Net.Sockets;

namespace TrustMesh.Cli.Demo;

/// <summary>A port of this machine's loopback that nobody uses.</summary>
internal static class FreePort
{
    /// <summary>The port, or the next one that nobody uses. 0 lets whoever listens take any.</summary>
    public static int From(int first)
    {
        for (var port = first; port is > 0 and <= IPEndPoint.MaxPort; port++)
        {
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // The next one, then.
            }
        }
        return 0;
    }
}
