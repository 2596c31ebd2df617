using System.Globalization;
using System.Text;
using System.Text.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>A list of devices as a file to keep.</summary>
public static class DeviceFile
{
    private static readonly string[] s_columns = ["id", "name", "site", "model", "tier", "standing", "status", "fresh", "look", "provenAt", "expiresAt", "tags"];

    private const string Formula = "=+-@|%\uFF1D\uFF0B\uFF0D\uFF20";

    /// <summary>
    /// RFC 4180, with a header line. Whoever opens it in a spreadsheet runs nothing: a field that would begin a formula there begins with an apostrophe
    /// instead (A44), and every field is quoted.
    /// </summary>
    public static string Csv(IEnumerable<GraphNode> devices)
    {
        var text = new StringBuilder();
        Line(text, s_columns);
        foreach (var device in devices)
            Line(text, [device.Id, device.Name, device.Site, device.Model, device.Tier, device.Standing, device.Status, device.Fresh ? "true" : "false", device.Look, Time(device.ProvenAt), Time(device.ExpiresAt), string.Join(' ', device.Tags ?? [])]);
        return text.ToString();
    }

    /// <summary>An array of the API's GraphNode.</summary>
    public static byte[] Json(IEnumerable<GraphNode> devices) => JsonSerializer.SerializeToUtf8Bytes([.. devices], ContractJson.Default.IReadOnlyListGraphNode);

    private static void Line(StringBuilder text, string[] fields)
    {
        for (var i = 0; i < fields.Length; i++)
            text.Append(i == 0 ? "" : ",").Append('"').Append(Tame(fields[i]).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        text.Append("\r\n");
    }

    /// <summary>Spreadsheets take what begins like this for a formula, also behind blanks and in its full-width form.</summary>
    private static string Tame(string field) => field.Length > 0 && (field[0] is '\t' or '\r' or '\n' || field.TrimStart() is [var first, ..] && Formula.Contains(first)) ? "'" + field : field;

    private static string Time(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
