using System.Globalization;

namespace TrustMesh.Tests.Parts;

/// <summary>A switch that <see cref="NetworkNamespace"/>s are plugged into; a cable can be cut and mended. Not connected to anything else.</summary>
public sealed class NetworkSegment : IDisposable
{
    private static int cables;
    private readonly NetworkNamespace home;
    private readonly Dictionary<string, string> ports = [];

    private NetworkSegment(NetworkNamespace home) => this.home = home;

    /// <summary>Makes one; skips the test where this machine or user can not.</summary>
    public static NetworkSegment Create()
    {
        var home = NetworkNamespace.Create();
        home.Run("ip", "link", "add", "switch", "type", "bridge");
        home.Run("ip", "link", "set", "switch", "up");
        return new(home);
    }

    /// <summary>Plugs a namespace in, with addresses such as <c>10.1.0.2/24</c> or <c>fd00:1::2/64</c>; the interface's name in there. Addresses can be used at once.</summary>
    public string Attach(NetworkNamespace machine, params string[] addresses)
    {
        var number = Interlocked.Increment(ref cables).ToString(CultureInfo.InvariantCulture);
        string port = "p" + number, inside = "eth" + number;
        home.Run("ip", "link", "add", port, "type", "veth", "peer", "name", inside, "netns", machine.Name);
        home.Run("ip", "link", "set", port, "master", "switch", "up");
        foreach (var address in addresses)
            machine.Run(["ip", "address", "add", address, "dev", inside, .. address.Contains(':') ? ["nodad"] : Array.Empty<string>()]);
        machine.Run("ip", "link", "set", inside, "up");
        ports[machine.Name] = port;
        return inside;
    }

    public void Cut(NetworkNamespace machine) => home.Run("ip", "link", "set", ports[machine.Name], "down");

    public void Mend(NetworkNamespace machine) => home.Run("ip", "link", "set", ports[machine.Name], "up");

    public void Dispose() => home.Dispose();
}
