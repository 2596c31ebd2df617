using System.Globalization;
using System.Text;
using Spectre.Console;

namespace TrustMesh.Cli.Output;

/// <summary>How values look to a person.</summary>
internal static class Shown
{
    /// <summary>The text on one line, with control characters and bidirectional overrides made visible (attack A44).</summary>
    public static string Line(string text)
    {
        if (!text.Any(Hidden)) return text;
        var line = new StringBuilder(text.Length + 16);
        foreach (var c in text)
            if (Hidden(c)) line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else line.Append(c);
        return line.ToString();
    }

    private static bool Hidden(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Eight characters of a device id, as the dashboard shows it.</summary>
    public static string ShortId(string id) => id.Length >= 10 ? id.Substring(2, 8) : id;

    /// <summary>A moment in UTC to the second; a dash for never.</summary>
    public static string Time(DateTimeOffset? at) => at is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "-";

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string YesNo(bool value) => value ? "yes" : "no";

    /// <summary>Colour says nothing that the word does not say too.</summary>
    public static Style StyleOf(string column, string cell) => column switch
    {
        "LOOK" or "STATUS" or "OUTCOME" => new Style(cell switch
        {
            "trusted" or "affirming" or "pass" => Color.Green,
            "warning" or "warn" or "stale" or "pending" or "not-compared" => Color.Yellow,
            "contraindicated" or "revoked" or "fail" => Color.Red,
            _ => Color.Grey,
        }),
        _ => Style.Plain,
    };
}
