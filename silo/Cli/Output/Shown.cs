using System.Globalization;
using System.Text;
using Spectre.Console;
using TrustMesh.Contracts;

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

    /// <summary>One decimal at most: a rate, a duration in milliseconds.</summary>
    public static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Of a whole, 0..1.</summary>
    public static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);

    /// <summary>How many devices report the same; a dash where that is not counted.</summary>
    public static string Share(int? seen, int? of, bool rare) => of is not { } all ? "-" : $"{(seen is { } some ? Number(some) : "few")} of {Number(all)}{(rare ? ", rare" : "")}";

    /// <summary>What reference values accept; a dash where there are none.</summary>
    public static string Expected(IReadOnlyList<string>? expected, string outcome) => expected is null ? "-" : outcome == "pass" ? "the same" : string.Join(" or ", expected);

    public static string Mebibytes(long bytes) => $"{Number(bytes >> 20)} MiB";

    /// <summary>How long ago something was; a dash for never. A clock that is ahead of ours says just now, not the future.</summary>
    public static string Ago(DateTimeOffset? at, DateTimeOffset now) => at is not { } time ? "-" : (now - time) switch
    {
        { TotalSeconds: < 1 } => "just now",
        { TotalSeconds: < 120 } span => $"{Number((long)span.TotalSeconds)} s ago",
        { TotalMinutes: < 120 } span => $"{Number((long)span.TotalMinutes)} min ago",
        { TotalHours: < 48 } span => $"{Number((long)span.TotalHours)} h ago",
        var span => $"{Number((long)span.TotalDays)} d ago",
    };

    /// <summary>When something ends, and in words whether it ended or will soon.</summary>
    public static string Until(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset now, TimeSpan soon)
        => Validity.Word(from, until, now, soon) is { } word ? $"{Time(until)} ({word})" : Time(until);

    /// <summary>With commas, as they are typed; a dash for none.</summary>
    public static string Tags(IReadOnlyList<string>? tags) => tags is { Count: > 0 } ? string.Join(',', tags) : "-";

    public static string YesNo(bool value) => value ? "yes" : "no";

    /// <summary>Colour says nothing that the word does not say too.</summary>
    public static Style StyleOf(string column, string cell) => column switch
    {
        "LOOK" or "STATUS" or "OUTCOME" or "HEALTH" => new Style(cell switch
        {
            "trusted" or "affirming" or "pass" or "active" => Color.Green,
            "warning" or "warn" or "stale" or "pending" or "not-compared" or "joining" or "leaving" or "silent" => Color.Yellow,
            "contraindicated" or "revoked" or "fail" or "dead" => Color.Red,
            _ => Color.Grey,
        }),
        _ => Style.Plain,
    };
}
