using System.Globalization;
using TrustMesh.Cli.Output;

namespace TrustMesh.Cli;

/// <summary>Instants as people write them: <c>2h</c> (ago), <c>18:00</c> (today), <c>yesterday 18:00</c>, or ISO 8601; without a zone in that of this machine.</summary>
internal static class Instant
{
    public const string Written = "2h (ago), 18:00 (today), 'yesterday 18:00', 2026-03-01T08:00 or with a zone 2026-03-01T08:00Z";

    /// <summary>Throws <see cref="CommandFailure"/> with what can be written.</summary>
    public static DateTimeOffset Parse(string text, TimeProvider time)
        => TryParse(text, time.GetUtcNow(), TimeZoneInfo.Local) ?? throw new CommandFailure(ExitCode.Usage, $"'{Shown.Line(text)}' is no time.", $"Write {Written}.");

    /// <summary>Null for anything else.</summary>
    public static DateTimeOffset? TryParse(string text, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (text == "now") return now;
        if (Duration.TryParse(text) is { } ago) return now - ago;
        var (day, clock) = text.StartsWith("yesterday ", StringComparison.OrdinalIgnoreCase) ? (-1, text["yesterday ".Length..])
            : text.StartsWith("today ", StringComparison.OrdinalIgnoreCase) ? (0, text["today ".Length..]) : (0, text);
        if (TimeOnly.TryParseExact(clock, ["H:mm", "HH:mm", "H:mm:ss", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return InZone(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).Date).AddDays(day).ToDateTime(time), zone);
        if (!DateTime.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact) && text.Contains('T', StringComparison.Ordinal) ? exact : null;
        return InZone(local, zone);
    }

    private static DateTimeOffset InZone(DateTime local, TimeZoneInfo zone) => new(local, zone.GetUtcOffset(local));
}
