using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace TrustMesh.Agent.Peers;

/// <summary>Where peers connect. Each connection is let in by <see cref="PeerGate"/>, served once and closed; none can stop the others (attack A42).</summary>
internal sealed class PeerListener : IDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Socket socket;
    private readonly PeerGate gate;
    private readonly ILogger log;
    private readonly ConcurrentDictionary<Socket, Task> serving = new();

    /// <summary>Listens from now on. Throws <see cref="IOException"/>.</summary>
    public PeerListener(IPEndPoint at, PeerGate gate, ILogger log)
    {
        (this.gate, this.log) = (gate, log);
        socket = new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (at.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(at);
            socket.Listen(64);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new IOException($"Peers can not be listened for at {at}: {refused.Message}. Choose another address or port, or stop what uses it.", refused);
        }
        Address = (IPEndPoint)socket.LocalEndPoint!;
    }

    public IPEndPoint Address { get; }

    /// <summary>Accepts until cancelled, and ends when everyone is served; <paramref name="serve"/> owns the socket it gets, and throws nothing.</summary>
    public async Task RunAsync(Func<Socket, Task> serve, CancellationToken stop)
    {
        log.Listening(Address.ToString());
        try
        {
            while (true) await AcceptAsync(serve, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(serving.Values);
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task AcceptAsync(Func<Socket, Task> serve, CancellationToken stop)
    {
        try
        {
            var accepted = await socket.AcceptAsync(stop);
            accepted.NoDelay = true;
            if (accepted.RemoteEndPoint is not IPEndPoint { Address: var source }) accepted.Dispose();
            else if (gate.Enter(source.Plain()) is { } place) Serve(accepted, place, serve);
            else
            {
                log.TurnedAway(source.ToString());
                accepted.Dispose();
            }
        }
        catch (SocketException failed)
        {
            // Too many open files, or a connection that was gone before it was accepted: the others go on.
            log.Failed(failed.Message);
            await Task.Delay(AfterFailure, stop);
        }
    }

    private void Serve(Socket accepted, IDisposable place, Func<Socket, Task> serve)
    {
        var begun = new TaskCompletionSource();
        serving[accepted] = Task.Run(async () =>
        {
            await begun.Task;
            using (place) await serve(accepted);
            serving.TryRemove(accepted, out _);
        }, CancellationToken.None);
        begun.SetResult();
    }
}
