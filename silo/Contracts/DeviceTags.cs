namespace TrustMesh.Contracts;

/// <summary>
/// What a tag of a device may be, the same for whoever sets one or reads one (attack A44). Tags are short, plain and few: every line of a list and every node of
/// the graph carries them.
/// </summary>
public static class DeviceTags
{
    /// <summary>Tags of a device, and characters of one.</summary>
    public const int Most = 16, Longest = 32;

    /// <summary>In a query <c>tag:none</c> finds devices without tags, so none is called that.</summary>
    public const string None = "none";

    /// <summary>The rule, as a sentence for people.</summary>
    public const string Rule = "A tag is 1 to 32 of a-z, 0-9, '.', '_' and '-', the first a letter or digit, and not \"none\"; a device has at most 16.";

    public static bool IsTag(string? text)
    {
        if (text is not { Length: >= 1 and <= Longest } || text == None || text[0] is '.' or '_' or '-') return false;
        foreach (var one in text)
            if (!(char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one is '.' or '_' or '-')) return false;
        return true;
    }

    /// <summary>Tags as somebody types them, with spaces or commas between; whether they are tags is another question.</summary>
    public static IReadOnlyList<string> Split(string? text) => [.. (text ?? "").Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>In the order in which they are kept and shown.</summary>
    public static IReadOnlyList<string> Changed(IEnumerable<string> before, IReadOnlyCollection<string> add, IReadOnlyCollection<string> remove)
        => [.. before.Except(remove, StringComparer.Ordinal).Union(add, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>For people: the tags, or that there are none.</summary>
    public static string Text(IReadOnlyCollection<string>? tags) => tags is { Count: > 0 } ? string.Join(", ", tags) : "none";
}
