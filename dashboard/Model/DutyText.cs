using System.Globalization;

namespace TrustMesh.Dashboard.Model;

/// <summary>What a silo holds, shortly: names that differ in their number only become one with ranges, <c>shard 0–3, 7</c>.</summary>
public static class DutyText
{
    /// <summary>In the order in which the first of each kind is told.</summary>
    public static IReadOnlyList<string> Brief(IReadOnlyList<string> duties) =>
        [.. duties.Select(Split).GroupBy(duty => duty.Kind).Select(kind => $"{kind.Key} {Ranges(kind.Select(duty => duty.Number).OfType<int>().Distinct().Order())}".TrimEnd())];

    /// <summary>A name and the number at its end, if there is one.</summary>
    public static (string Kind, int? Number) Split(string duty)
    {
        var kind = duty.TrimEnd("0123456789".ToCharArray());
        return kind.Length > 0 && int.TryParse(duty.AsSpan(kind.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (kind.TrimEnd('-', '/', ':', '.', '#', '_', ' '), number) : (duty, null);
    }

    private static string Ranges(IEnumerable<int> numbers)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var number in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].Last == number - 1)
                ranges[^1] = (ranges[^1].First, number);
            else
                ranges.Add((number, number));
        }
        return string.Join(", ", ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}–{range.Last}"));
    }
}
