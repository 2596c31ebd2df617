using System.Net;
using System.Net.Sockets;

namespace TrustMesh.Host.Webhooks;

/// <summary>
/// Which addresses are somebody else's: only these may be dialled because of what a person wrote, as everything of our own answers whoever is near (attack A41). By the special-purpose
/// registries of RFC 6890; of IPv6 only what is handed out (2000::/3), without the parts that lead back to IPv4.
/// </summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] s_ours =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        ]).Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork s_handedOut = IPNetwork.Parse("2000::/3");

    public static bool Is(IPAddress address)
    {
        var plain = Plain(address);
        return (plain.AddressFamily != AddressFamily.InterNetworkV6 || s_handedOut.Contains(plain)) && !s_ours.Any(network => network.Contains(plain));
    }

    /// <summary>An IPv4 address that was written as IPv6 is that address.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
