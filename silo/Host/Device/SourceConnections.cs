using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace TrustMesh.Host.Device;

/// <summary>Connections one address may hold, counted before the TLS handshake costs anything (attack A42).</summary>
public sealed class SourceConnections(int most)
{
    private readonly ConcurrentDictionary<IPAddress, int> open = new();

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var source = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        try
        {
            if (open.AddOrUpdate(source, 1, (_, count) => count + 1) > most) connection.Abort(new("too many connections of this address"));
            else await next(connection);
        }
        finally
        {
            Leave(source);
        }
    }

    private void Leave(IPAddress source)
    {
        while (open.TryGetValue(source, out var count))
            if (count > 1 ? open.TryUpdate(source, count - 1, count) : open.TryRemove(new(source, count))) return;
    }
}
