using System.Net;
using System.Net.Sockets;

namespace TrustMesh.Roots.Tpm;

/// <summary>Opens the channel a setting names.</summary>
public static class TpmChannel
{
    /// <param name="address"><c>device:/dev/tpmrm0</c>, <c>unix:/path/to/swtpm.sock</c> or <c>tcp:127.0.0.1:2321</c>.</param>
    /// <exception cref="RootException">The address is not of that form, or nothing answers there.</exception>
    public static ITpmChannel Open(string address)
    {
        var colon = address.IndexOf(':');
        var place = colon < 0 ? "" : address[(colon + 1)..];
        return address[..Math.Max(colon, 0)] switch
        {
            "device" when place.StartsWith('/') => DeviceChannel.Open(place),
            "unix" when place.StartsWith('/') => SocketChannel.Open(address, new UnixDomainSocketEndPoint(place)),
            "tcp" when IPEndPoint.TryParse(place, out var end) && end.Port != 0 => SocketChannel.Open(address, end),
            _ => throw new RootException(
                $"'{address}' does not name a TPM. Write device:/dev/tpmrm0, unix:/path/to/socket or tcp:ADDRESS:PORT."),
        };
    }
}
