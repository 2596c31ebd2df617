using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TrustMesh.Tests.Agent;

/// <summary>Passes TCP connections on and keeps the first bytes each client sent: its ClientHello.</summary>
public sealed class ListeningProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int target;

    public ListeningProxy(int target)
    {
        this.target = target;
        listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    public ConcurrentQueue<byte[]> Hellos { get; } = new();

    public void Dispose() => listener.Dispose();

    /// <summary>The extension types of a TLS ClientHello record (RFC 8446 4.1.2).</summary>
    public static IReadOnlyList<int> Extensions(ReadOnlySpan<byte> hello)
    {
        var at = 5 + 4 + 2 + 32;
        at += 1 + hello[at];
        at += 2 + (hello[at] << 8 | hello[at + 1]);
        at += 1 + hello[at];
        var end = at + 2 + (hello[at] << 8 | hello[at + 1]);
        at += 2;
        var types = new List<int>();
        while (at < end)
        {
            types.Add(hello[at] << 8 | hello[at + 1]);
            at += 4 + (hello[at + 2] << 8 | hello[at + 3]);
        }
        return types;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = PassAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var silo = new TcpClient())
        {
            await silo.ConnectAsync(IPAddress.Loopback, target);
            var buffer = new byte[16 * 1024];
            var size = await client.GetStream().ReadAsync(buffer);
            Hellos.Enqueue(buffer[..size]);
            await silo.GetStream().WriteAsync(buffer.AsMemory(0, size));
            await Task.WhenAny(client.GetStream().CopyToAsync(silo.GetStream()), silo.GetStream().CopyToAsync(client.GetStream()));
        }
    }
}
