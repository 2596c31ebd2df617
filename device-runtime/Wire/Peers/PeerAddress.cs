using System.Net;
using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>
/// Where a device listens for its peers: <c>host:port</c> or <c>[ipv6]:port</c>, at most 255 bytes. Strict, because a device will dial it (A41, A44).
/// </summary>
public static class PeerAddress
{
    public const int DefaultPort = 7444;

    /// <summary>Splits an address; false for anything but a host name or IP address, a colon and a port from 1 to 65535.</summary>
    public static bool TryParse(string text, out string host, out int port)
    {
        (host, port) = ("", 0);
        var colon = text.LastIndexOf(':');
        if (text.Length > Caps.Text || colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out port)
            || port is < 1 or > IPEndPoint.MaxPort || text[colon + 1] == '0') return false;
        var bare = text.AsSpan(0, colon);
        if (bare[0] == '[')
        {
            if (bare[^1] != ']' || !IPAddress.TryParse(bare[1..^1], out var address) || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6) return false;
            host = bare[1..^1].ToString();
            return true;
        }
        host = bare.ToString();
        return !host.Contains(':') && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;
    }

    /// <summary>What a person or a kernel calls a place, as an address: with the usual port where it names none. Null for what is no address.</summary>
    public static string? WithPort(string text)
        => new[] { text, $"{text}:{DefaultPort}", $"[{text}]:{DefaultPort}" }.FirstOrDefault(one => TryParse(one, out _, out _));

    internal static void Write(ref StrictCborWriter writer, IReadOnlyList<string> addresses)
    {
        writer.WriteArray("addresses", addresses.Count, 0, Caps.AddressCount);
        foreach (var address in addresses)
        {
            if (!TryParse(address, out _, out _)) throw new ArgumentException($"address: {address} is not host:port");
            writer.WriteText("address", address, 1);
        }
    }

    internal static string[] Read(ref StrictCborReader reader)
    {
        var addresses = new string[reader.ReadArray("addresses", 0, Caps.AddressCount)];
        for (var i = 0; i < addresses.Length; i++)
        {
            var start = reader.Offset;
            addresses[i] = reader.ReadText("address", 1);
            if (!TryParse(addresses[i], out _, out _)) throw new WireException("address", start, "not host:port");
        }
        return addresses;
    }
}
