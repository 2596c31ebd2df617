using System.Globalization;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Words, shapes and order for silos. Health borrows the shapes of looks: what asks for a person is drawn as it is for devices.</summary>
public static class SiloText
{
    /// <summary>The look whose shape and colour a health has. A word we do not know is no good news.</summary>
    public static string Look(string health) => health switch
    {
        "active" => Looks.Trusted,
        "joining" => Looks.Pending,
        "leaving" => Looks.Suspended,
        "dead" => Looks.Contraindicated,
        _ => Looks.Warning,
    };

    public static string Label(string health) => health.Length == 0 ? "Unknown" : char.ToUpperInvariant(health[0]) + health[1..];

    /// <summary>What a health that is not active means for devices.</summary>
    public static string Meaning(string health) => health switch
    {
        "joining" => "It takes its share in a moment.",
        "leaving" => "It hands its share over and stops.",
        "silent" => "It does not report. It may still answer its devices; if the others agree that it is gone, they take its share.",
        "dead" => "It holds nothing any more. Its devices are answered by the other silos.",
        _ => "",
    };

    /// <summary>A silo's own words as a sentence among ours.</summary>
    public static string Sentence(string words) => words.Trim() is { Length: > 0 } text ? char.ToUpperInvariant(text[0]) + text[1..] + (text[^1] is '.' or '!' or '?' ? "" : ".") : "";

    /// <summary>How urgent a silo is: larger comes first.</summary>
    public static int Risk(SiloView silo) => silo.Health switch
    {
        "active" => silo.StorageErrors > 0 || silo.Why is not null ? 1 : 0,
        "joining" => 2,
        "leaving" => 3,
        "dead" => 6,
        "silent" => 5,
        _ => 4,
    };

    /// <summary>Worst first, then by name, 2 before 10: the order changes with health, never with a number that moves all the time.</summary>
    public static IReadOnlyList<SiloView> WorstFirst(IEnumerable<SiloView> silos) => [.. silos.OrderByDescending(Risk)
        .ThenBy(silo => DutyText.Split(silo.Name).Kind, StringComparer.Ordinal).ThenBy(silo => DutyText.Split(silo.Name).Number).ThenBy(silo => silo.Name, StringComparer.Ordinal)];

    /// <summary>How many there are, how many of them are not active, and how many that are have something to say: <c>3 silos, 1 dead, 1 with a warning</c>.</summary>
    public static string Count(IReadOnlyCollection<SiloView> silos) => string.Join(", ",
        silos.Where(silo => silo.Health != "active").GroupBy(silo => silo.Health).OrderByDescending(group => Risk(group.First())).Select(group => $"{group.Count():N0} {group.Key}")
            .Prepend(silos.Count == 1 ? "1 silo" : $"{silos.Count:N0} silos").Concat(silos.Count(Warns) is > 0 and var warning ? [$"{warning:N0} with a warning"] : Array.Empty<string>()));

    /// <summary>It is active and says why somebody should look at it all the same.</summary>
    public static bool Warns(SiloView silo) => silo is { Health: "active", Why: not null };

    /// <summary>A silo's clock against the other silos'; a report takes a moment on its way.</summary>
    public static string Clock(double? skew) => skew switch
    {
        null => "not compared",
        > -1 and < 1 => "as the other silos'",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(skew.Value):#,0.#} s {(skew > 0 ? "ahead of" : "behind")} the other silos'"),
    };

    /// <summary>A share of a whole, 0..1: all only when it is all, and none only when it is none.</summary>
    public static string Percent(double share) => share switch
    {
        <= 0 => "0 %",
        < 0.01 => "< 1 %",
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{Math.Min(99, Math.Round(share * 100)):0} %"),
        _ => "100 %",
    };

    public static string Rate(double perSecond) => string.Create(CultureInfo.InvariantCulture, $"{perSecond:#,0.#}");

    /// <summary>Milliseconds; a dash before the first.</summary>
    public static string Latency(double milliseconds) => milliseconds switch
    {
        <= 0 => "—",
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms"),
        _ => Spans.Milliseconds((long)Math.Min(milliseconds, 1e12)),
    };

    public static string Memory(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:#,0} MiB");
}
