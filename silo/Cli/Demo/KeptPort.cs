using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// A port of loopback for a part that has to know its port before it starts. It stays the same between runs over the same folder while nobody else has it: a
/// silo that comes back where it was takes its old place, and the others need not find out that the one before is dead.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class KeptPort
{
    /// <param name="part">Whose port it is.</param>
    public static int Of(DemoFolder folder, string part)
    {
        var file = Path.Combine(folder.Folder("ports"), part);
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var kept) && TryTake(kept) is not null) return kept;
        var port = TryTake(0) ?? throw new DemoFailure("No port of 127.0.0.1 is free. End something that listens, and try again.");
        File.WriteAllText(file, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    /// <summary>The port if it is free, or any free one for 0.</summary>
    private static int? TryTake(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (Exception taken) when (taken is SocketException or ArgumentOutOfRangeException)
        {
            // Somebody else's now, or a file that somebody changed.
            return null;
        }
    }
}
