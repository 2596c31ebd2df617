using System.Text.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>A list of devices as a file to keep.</summary>
public static class DeviceFile
{
    private static readonly string[] s_columns = ["id", "name", "site", "model", "tier", "standing", "status", "fresh", "look", "provenAt", "expiresAt", "tags"];

    /// <summary>With a header line.</summary>
    public static string Csv(IEnumerable<GraphNode> devices) => CsvText.Of(s_columns, devices.Select(device => (IReadOnlyList<string>)
    [
        device.Id, device.Name, device.Site, device.Model, device.Tier, device.Standing, device.Status, device.Fresh ? "true" : "false", device.Look, CsvText.Time(device.ProvenAt), CsvText.Time(device.ExpiresAt),
        string.Join(' ', device.Tags ?? []),
    ]));

    /// <summary>An array of the API's GraphNode.</summary>
    public static byte[] Json(IEnumerable<GraphNode> devices) => JsonSerializer.SerializeToUtf8Bytes([.. devices], ContractJson.Default.IReadOnlyListGraphNode);
}
