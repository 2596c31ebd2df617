using System.Globalization;

namespace TrustMesh.Dashboard.Model;

/// <summary>Instants in addresses, commands and files: ISO 8601, written in UTC to the second.</summary>
public static class InstantText
{
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Null for what is none. Without a zone it is UTC.</summary>
    public static DateTimeOffset? Parse(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
