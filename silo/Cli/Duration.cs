using System.Globalization;

namespace TrustMesh.Cli;

/// <summary>Durations as people write them: <c>45s</c>, <c>30m</c>, <c>24h</c>, <c>7d</c>.</summary>
internal static class Duration
{
    /// <summary>Null unless it is a positive whole number and one of the four units, within 10 years.</summary>
    public static TimeSpan? TryParse(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count <= 0) return null;
        long? seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => null };
        return seconds * count is { } total and <= 3650L * 86_400 ? TimeSpan.FromSeconds(total) : null;
    }
}
