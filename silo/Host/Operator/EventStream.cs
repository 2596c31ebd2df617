using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace TrustMesh.Host.Operator;

/// <summary>Writes server-sent events (WHATWG HTML 9.2). One writer.</summary>
public sealed class EventStream(HttpResponse response, CancellationToken cancellation)
{
    /// <summary>Sends the headers.</summary>
    public Task StartAsync()
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        return response.Body.FlushAsync(cancellation);
    }

    /// <summary>An event with its number; JSON never holds a raw line break, so it is one data line.</summary>
    public async Task SendAsync<T>(string name, long number, T value, JsonTypeInfo<T> type)
    {
        await response.WriteAsync($"id: {number}\nevent: {name}\ndata: ", cancellation);
        await JsonSerializer.SerializeAsync(response.Body, value, type, cancellation);
        await response.WriteAsync("\n\n", cancellation);
        await response.Body.FlushAsync(cancellation);
    }

    /// <summary>Tells the reader to fetch the snapshot again.</summary>
    public async Task ResyncAsync()
    {
        await response.WriteAsync("event: resync\ndata: {}\n\n", cancellation);
        await response.Body.FlushAsync(cancellation);
    }

    /// <summary>A comment, so that both ends notice a dead connection.</summary>
    public async Task KeepAliveAsync()
    {
        await response.WriteAsync(": alive\n\n", cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
