using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace TrustMesh.Cli.Demo;

/// <summary>A range of private addresses (RFC 1918) that nothing on this machine uses.</summary>
internal static class PrivateRange
{
    /// <summary>1,024 addresses: room for every device a demo can have.</summary>
    public const int Bits = 22;

    private static readonly IPNetwork[] Private = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16")];

    /// <summary>The first free range at or after the seed's place, or null where everything is taken.</summary>
    /// <param name="taken">Of every interface and route. The default route takes nothing.</param>
    /// <param name="seed">Two runs that begin in different places do not meet.</param>
    public static IPNetwork? Free(IReadOnlyList<IPNetwork> taken, int seed)
    {
        foreach (var whole in Private)
        {
            var count = 1 << (Bits - whole.PrefixLength);
            for (var tried = 0; tried < count; tried++)
            {
                var range = new IPNetwork(Address(Number(whole.BaseAddress) + ((int)((uint)(seed + tried) % count) << (32 - Bits))), Bits);
                if (!taken.Any(one => one.PrefixLength > 0 && (one.Contains(range.BaseAddress) || range.Contains(one.BaseAddress)))) return range;
            }
        }
        return null;
    }

    /// <summary>Destinations of every route, as <c>ip -json route show table all</c> prints them; that includes those of the interfaces' own addresses.</summary>
    public static IReadOnlyList<IPNetwork> Taken(string routes)
    {
        using var document = JsonDocument.Parse(routes.Length == 0 ? "[]" : routes);
        var taken = new List<IPNetwork>();
        foreach (var route in document.RootElement.EnumerateArray())
        {
            var destination = route.GetProperty("dst").GetString()!;
            if (!destination.Contains('/', StringComparison.Ordinal)) destination += "/32";
            if (IPNetwork.TryParse(destination, out var network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork) taken.Add(network);
        }
        return taken;
    }

    public static IPAddress Address(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return new(bytes);
    }

    public static int Number(IPAddress address) => BinaryPrimitives.ReadInt32BigEndian(address.GetAddressBytes());
}
