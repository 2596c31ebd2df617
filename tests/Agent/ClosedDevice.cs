using System.Net;
using System.Net.Sockets;
using TrustMesh.Agent.Admission;
using TrustMesh.Agent.Configuration;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Agent;

/// <summary>Three machines on one segment: a device with an application on port 8080, a peer and a stranger. The device's firewall is the kernel's own.</summary>
public sealed class ClosedDevice : IAsyncDisposable
{
    public const int Application = 8080, Mesh = 7444;

    /// <summary>Long enough for a packet here, a hundred times over; what did not come through by then was dropped.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly NetworkSegment segment = NetworkSegment.Create();
    private readonly List<Socket> listeners = [];
    private readonly CancellationTokenSource stop = new();

    private ClosedDevice(params AllowRule[] allow)
    {
        foreach (var (machine, last) in new[] { (Device, 1), (Peer, 2), (Stranger, 3) }) segment.Attach(machine, $"10.77.0.{last}/24", $"fd77::{last}/64");
        Admission = Doors(allow);
    }

    public static IPAddress DeviceAddress { get; } = IPAddress.Parse("10.77.0.1");

    public static IPAddress PeerAddress { get; } = IPAddress.Parse("10.77.0.2");

    public static IPAddress StrangerAddress { get; } = IPAddress.Parse("10.77.0.3");

    public NetworkNamespace Device { get; } = NetworkNamespace.Create();

    public NetworkNamespace Peer { get; } = NetworkNamespace.Create();

    public NetworkNamespace Stranger { get; } = NetworkNamespace.Create();

    public NftAdmission Admission { get; }

    public Nft Nft => Nft.Find([.. Device.Enter]);

    public NftTable Table { get; } = NftTable.Of("/var/lib/trustmesh-agent");

    public static async Task<ClosedDevice> CreateAsync(params AllowRule[] allow)
    {
        Assert.SkipUnless(Nft.IsUsable, "nft is not installed, or this user may not use it (as root: apt-get install nftables)");
        var made = new ClosedDevice(allow);
        try
        {
            made.Listen(made.Device, Application);
            await made.Admission.CloseAsync(CancellationToken.None);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another run of the same agent.</summary>
    public NftAdmission Doors(params AllowRule[] allow) => new(Nft, Table, Mesh, allow);

    /// <summary>An application that sends back what it gets, on both families.</summary>
    public void Listen(NetworkNamespace machine, int port)
    {
        var listener = machine.NewSocket(AddressFamily.InterNetworkV6);
        listener.DualMode = true;
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        listener.Listen();
        listeners.Add(listener);
        _ = ServeAsync(listener);
    }

    /// <summary>A connection, or null when none came about.</summary>
    public static async Task<Socket?> ConnectAsync(NetworkNamespace from, IPAddress to, int port, int source = 0)
    {
        var socket = from.NewSocket(to.AddressFamily);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            if (source > 0) socket.Bind(new IPEndPoint(IPAddress.Any, source));
            await socket.ConnectAsync(new IPEndPoint(to, port), limit.Token);
            return socket;
        }
        catch (Exception failed) when (failed is OperationCanceledException or SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public static async Task<bool> ReachesAsync(NetworkNamespace from, IPAddress to, int port, int source = 0)
    {
        using var socket = await ConnectAsync(from, to, port, source);
        return socket is not null;
    }

    /// <summary>True when what is sent comes back.</summary>
    public static async Task<bool> EchoesAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await socket.SendAsync(new byte[] { 42 }, limit.Token);
            return await socket.ReceiveAsync(new byte[1], limit.Token) == 1;
        }
        catch (Exception failed) when (failed is OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var listener in listeners) listener.Dispose();
        await Admission.DisposeAsync();
        foreach (var machine in new[] { Device, Peer, Stranger }) machine.Dispose();
        segment.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync(Socket listener)
    {
        try
        {
            while (true) _ = EchoAsync(await listener.AcceptAsync(stop.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[1];
            try
            {
                while (await socket.ReceiveAsync(buffer, stop.Token) == 1) await socket.SendAsync(buffer, stop.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                // The test is over, or the other end is.
            }
        }
    }
}
