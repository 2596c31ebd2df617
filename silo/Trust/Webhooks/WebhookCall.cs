using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TrustMesh.Trust.Webhooks;

/// <summary>One try to be made: where to, and what (Standard Webhooks 1.0).</summary>
/// <param name="Signature">v1, and base64 of HMAC-SHA256; two with a space while a secret is being changed.</param>
public sealed record WebhookCall(string Url, string Id, long Timestamp, string Signature, ReadOnlyMemory<byte> Body)
{
    /// <param name="secrets">The newest first.</param>
    public static WebhookCall Sign(string url, string id, DateTimeOffset now, ReadOnlyMemory<byte> body, IReadOnlyList<byte[]> secrets)
    {
        var timestamp = now.ToUnixTimeSeconds();
        byte[] content = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body.Span];
        return new(url, id, timestamp, string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, content))}")), body);
    }
}
