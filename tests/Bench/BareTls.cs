using System.Net;
using System.Net.Sockets;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Peers;

namespace TrustMesh.Bench;

/// <summary>The mutual TLS 1.3 handshake of peers and nothing else: the agent's own channel on the loopback network, one byte back, closed.</summary>
internal sealed class BareTls : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stop = new();
    private readonly MessageBudget budget = new(1024 * 1024);
    private readonly SessionKey client, server;
    private readonly Task serving;

    public BareTls(SessionKey client, SessionKey server)
    {
        (this.client, this.server) = (client, server);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(64);
        serving = ServeAsync();
    }

    public async Task ConnectAsync()
    {
        await using var channel = await PeerChannel.DialAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port, client, budget, TimeProvider.System, stop.Token);
        await channel.ReadAsync(1, stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stop.Token);
                socket.NoDelay = true;
                await using var channel = await PeerChannel.AcceptAsync(socket, server, budget, TimeProvider.System, stop.Token);
                await channel.WriteAsync(new byte[1], stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The benchmark is over.
        }
    }
}
