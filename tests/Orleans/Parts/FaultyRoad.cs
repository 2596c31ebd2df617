using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>
/// The road to a server on loopback, between networks if need be, which a test slows, cuts and mends. Of HTTP it knows where a request begins, so
/// that single requests fail before they were carried out or after.
/// </summary>
internal class FaultyRoad : IAsyncDisposable
{
    private readonly Socket listener;
    private readonly Func<Socket> outgoing;
    private readonly int to;
    private readonly ConcurrentDictionary<Socket, bool> open = new();
    private readonly ConcurrentQueue<string> happened = new();
    private readonly Lock gate = new();
    private readonly List<(string Words, RoadFault Fault)> next = [];
    private readonly Task accepting;
    private volatile bool cut;

    protected FaultyRoad(Socket listener, int port, Func<Socket> outgoing, int to)
    {
        (this.listener, this.outgoing, this.to) = (listener, outgoing, to);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(256);
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    /// <summary>How long each piece of a request takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Status with which every HTTP request that changes something is refused; 0 lets them through.</summary>
    public int RefusesWrites { get; set; }

    /// <summary>Faults that happened: the first line of each request.</summary>
    public IReadOnlyCollection<string> Happened => happened;

    protected bool IsCut => cut;

    /// <summary>A road within this network.</summary>
    public static FaultyRoad To(int port) => new(NewSocket(), 0, NewSocket, port);

    /// <summary>From this network to a port of another.</summary>
    public static FaultyRoad Into(NetworkNamespace network, int port) => new(NewSocket(), port, () => network.NewSocket(AddressFamily.InterNetwork), port);

    /// <summary>From another network to a port of this.</summary>
    public static FaultyRoad OutOf(NetworkNamespace network, int port) => new(network.NewSocket(AddressFamily.InterNetwork), port, NewSocket, port);

    /// <summary>Breaks all connections; new ones break at once.</summary>
    public void Cut()
    {
        cut = true;
        foreach (var socket in open.Keys) socket.Dispose();
    }

    public void Mend() => cut = false;

    /// <summary>The next HTTP request whose first line has all these words, decoded, meets that fault.</summary>
    public void FailNext(string words, RoadFault fault)
    {
        lock (gate) next.Add((words, fault));
    }

    /// <summary>Lets through what was to fail and did not come.</summary>
    public void Clear()
    {
        lock (gate) next.Clear();
    }

    protected static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    protected static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>What is carried on one connection, until either end goes.</summary>
    protected virtual Task TalkAsync(Socket client, Socket server)
    {
        var journey = new Journey();
        return Task.WhenAny(UpAsync(client, server, journey), DownAsync(server, client, journey)).Unwrap();
    }

    /// <summary>The fault this request meets, which counts as having happened; null for none.</summary>
    protected (RoadFault Kind, int Status)? Meet(string line)
    {
        var fault = Due(line);
        if (fault is not null) happened.Enqueue(line);
        return fault;
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        Cut();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await listener.AcceptAsync());
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Disposed.
            return;
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var coming = client;
        if (cut) return;
        using var server = outgoing();
        (open[client], open[server]) = (true, true);
        try
        {
            (client.NoDelay, server.NoDelay) = (true, true);
            await server.ConnectAsync(IPAddress.Loopback, to);
            if (cut) return;
            await TalkAsync(client, server);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // Cut, or one of the ends went.
            return;
        }
        finally
        {
            open.TryRemove(client, out _);
            open.TryRemove(server, out _);
        }
    }

    private async Task UpAsync(Socket client, Socket server, Journey journey)
    {
        var buffer = new byte[64 * 1024];
        while (await client.ReceiveAsync(buffer) is > 0 and var count)
        {
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay);
            if (cut) return;
            var line = FirstLine(buffer.AsSpan(0, count));
            if (line is not null && Meet(line) is { } fault)
            {
                if (fault.Kind == RoadFault.Failed)
                {
                    await AnswerAsync(client, fault.Status);
                    // The rest of the request; then the other end closes.
                    while (await client.ReceiveAsync(buffer) > 0) continue;
                    return;
                }
                journey.Fault = fault.Kind;
            }
            await SendAsync(server, buffer.AsMemory(0, count));
        }
    }

    private async Task DownAsync(Socket server, Socket client, Journey journey)
    {
        var buffer = new byte[64 * 1024];
        while (await server.ReceiveAsync(buffer) is > 0 and var count)
        {
            if (cut || journey.Fault == RoadFault.AnswerLost) return;
            if (journey.Fault == RoadFault.AnswerIsFailure)
            {
                await AnswerAsync(client, 500);
                return;
            }
            await SendAsync(client, buffer.AsMemory(0, count));
        }
    }

    private (RoadFault Kind, int Status)? Due(string line)
    {
        lock (gate)
        {
            var found = next.FindIndex(one => one.Words.Split(' ').All(word => line.Contains(word, StringComparison.Ordinal)));
            if (found >= 0)
            {
                var fault = next[found].Fault;
                next.RemoveAt(found);
                return (fault, 500);
            }
        }
        return RefusesWrites != 0 && !line.StartsWith("GET ", StringComparison.Ordinal) && !line.StartsWith("HEAD ", StringComparison.Ordinal) ? (RoadFault.Failed, RefusesWrites) : null;
    }

    /// <summary>Null if no request begins here.</summary>
    private static string? FirstLine(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("PUT /"u8) && !bytes.StartsWith("GET /"u8) && !bytes.StartsWith("HEAD /"u8) && !bytes.StartsWith("DELETE /"u8)) return null;
        var end = bytes.IndexOf("\r\n"u8);
        return Uri.UnescapeDataString(Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]));
    }

    private static Task AnswerAsync(Socket client, int status)
        => SendAsync(client, Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Not today\r\nx-ms-error-code: {(status == 403 ? "AuthorizationPermissionMismatch" : "InternalError")}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));

    private sealed class Journey
    {
        public RoadFault? Fault { get; set; }
    }
}
