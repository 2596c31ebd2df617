using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Trust.Alerts;

namespace TrustMesh.Trust.Webhooks;

/// <summary>The body of a message: CloudEvents 1.0, structured JSON.</summary>
/// <param name="Data">Null in a test.</param>
internal sealed record CloudEvent(string Specversion, string Id, string Source, string Type, string Subject, DateTimeOffset Time, string Datacontenttype, AlertView? Data)
{
    private const int MostShown = 5;

    /// <summary>The same id each time the same is said.</summary>
    /// <param name="what">fired, acknowledged, resolved.</param>
    internal static StoredDelivery Of(string mesh, AlertView alert, string what, DateTimeOffset now)
        => Delivery(mesh, $"msg_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{alert.Id}\n{what}")).AsSpan(0, 16))}", $"io.trustmesh.alert.{what}.v1", $"alerts/{alert.Id}",
            alert with { Sample = [.. alert.Sample.Take(MostShown)] }, now);

    /// <param name="random">Makes it another one each time.</param>
    internal static StoredDelivery Test(string mesh, string name, RandomNumberGenerator random, DateTimeOffset now)
    {
        var id = new byte[16];
        random.GetBytes(id);
        return Delivery(mesh, $"msg_{Convert.ToHexStringLower(id)}", "io.trustmesh.webhook.test.v1", $"webhooks/{name}", null, now);
    }

    private static StoredDelivery Delivery(string mesh, string id, string type, string subject, AlertView? data, DateTimeOffset now)
    {
        var body = new CloudEvent("1.0", id, $"urn:trustmesh:{mesh}", type, subject, now, "application/json", data);
        return new(id, type, subject, now, JsonSerializer.SerializeToUtf8Bytes(body, AlertJson.Default.CloudEvent), StoredDelivery.IsStillTried, NextAt: now);
    }
}
