using System.Net;

namespace TrustMesh.Agent.Peers;

/// <summary>Addresses as one machine has them, whichever socket saw them.</summary>
internal static class Addresses
{
    /// <summary>A listener for both families sees IPv4 addresses in IPv6 clothes; to the kernel and to people they are one.</summary>
    public static IPAddress Plain(this IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
