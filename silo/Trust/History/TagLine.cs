using TrustMesh.Contracts;

namespace TrustMesh.Trust.History;

/// <summary>What lines of the log tell of a device's tags: those it had and those it has, as <see cref="Twins.TwinTransition.Tag"/> writes them. Pure.</summary>
public readonly record struct TagLine(string Was, string Is)
{
    private const string Begin = "tags: was ", Middle = ", is ";

    /// <summary>Null where the line tells nothing of tags, or not all of it yet: a long one stands in several entries, one after the other.</summary>
    /// <param name="begun">What entries before had of it; null: none.</param>
    public static TagLine? Read(ref string? begun, string text)
    {
        var (so, part) = (text.StartsWith(Begin, StringComparison.Ordinal) ? "" : begun, PartOf(text));
        begun = null;
        if (so is null || so.Length > 0 && part is null) return null;
        var whole = so + text;
        // Up to the reason there are only tags and what stands between them, whatever people wrote behind it.
        if (whole.IndexOf(';', StringComparison.Ordinal) is >= 0 and var reason) whole = whole[..reason];
        else if (part is { } cut)
        {
            whole = whole[..^(text.Length - cut.At)];
            if (!cut.IsLast)
            {
                begun = whole;
                return null;
            }
        }
        var middle = whole.IndexOf(Middle, StringComparison.Ordinal);
        if (middle < 0) return null;
        var line = new TagLine(whole[Begin.Length..middle], whole[(middle + Middle.Length)..]);
        return IsTags(line.Was) && IsTags(line.Is) ? line : null;
    }

    /// <summary>The tags of such a text.</summary>
    public static IReadOnlyList<string> Split(string tags) => tags == DeviceTags.None ? [] : tags.Split(", ");

    private static bool IsTags(string text) => Split(text) is { Count: <= DeviceTags.Most } tags && tags.All(DeviceTags.IsTag);

    /// <summary>Where <c> (2/3)</c> begins at its end (see <see cref="Operators.OperatorLines"/>).</summary>
    private static (int At, bool IsLast)? PartOf(string text)
    {
        if (!text.EndsWith(')') || text.LastIndexOf(" (", StringComparison.Ordinal) is not (>= 0 and var at)) return null;
        var numbers = text[(at + 2)..^1].Split('/');
        return numbers.Length == 2 && int.TryParse(numbers[0], out var part) && int.TryParse(numbers[1], out var parts) && part <= parts ? (at, part == parts) : null;
    }
}
