using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TrustMesh.Host.Device;

/// <summary>Reads a message whole into memory of its own: parsed values are slices of it.</summary>
public static class BodyReader
{
    private const int First = 64 * 1024;

    /// <param name="cap">Most bytes; Kestrel refuses more with 413, and a body that trickles with 408.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int cap)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = cap;
        if (context.Request.ContentLength > cap) throw new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge);
        // What is announced is allocated at once only if it is little; the rest as it comes (attack A42).
        var buffer = new byte[Math.Min(context.Request.ContentLength ?? First, First)];
        var at = 0;
        while (true)
        {
            if (at == buffer.Length)
            {
                if (context.Request.ContentLength == at) break;
                Array.Resize(ref buffer, (int)Math.Min(Math.Max(buffer.Length * 2L, 4096), (context.Request.ContentLength ?? cap) + 1));
            }
            var read = await context.Request.Body.ReadAsync(buffer.AsMemory(at), context.RequestAborted);
            if (read == 0) break;
            at += read;
            if (at > cap) throw new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge);
        }
        return buffer.AsMemory(0, at);
    }
}
