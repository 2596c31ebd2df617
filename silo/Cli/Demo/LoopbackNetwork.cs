using System.Net;
using System.Net.Sockets;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// All devices on this machine's loopback, each with an address of its own in 127.0.0.0/8. Nothing can be closed in the kernel there: whoever
/// is on the machine reaches every device, and the devices' own examination is all there is.
/// </summary>
internal sealed class LoopbackNetwork : INetwork
{
    private const int Hosts = 1024, First = 127 << 24, Ranges = (1 << 24) / Hosts;

    private readonly int start;

    /// <param name="seed">Where to begin to look for addresses nobody uses; another run begins elsewhere.</param>
    public LoopbackNetwork(int devices, int seed)
    {
        // The first range is everybody's: 127.0.0.1, 127.0.0.53 and so on.
        for (var tried = 0; tried < Ranges; tried++)
        {
            start = First + (1 + ((seed + tried) % (Ranges - 1))) * Hosts;
            if (Enumerable.Range(1, devices).All(device => IsFree(PlaceOf(device).Peers))) return;
        }
        throw new DemoFailure($"Something listens on port {Place.PeerPort} of every loopback address. End it and try again.");
    }

    public IPAddress Silo => IPAddress.Loopback;

    public Place PlaceOf(int device) => new(new IPEndPoint(PrivateRange.Address(start + device), Place.PeerPort), null);

    public ValueTask DisposeAsync() => default;

    private static bool IsFree(IPEndPoint endpoint)
    {
        try
        {
            using var probe = new TcpListener(endpoint);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            // Whatever the reason: a device could not listen there either.
            return false;
        }
    }
}
