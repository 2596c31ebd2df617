using System.Text;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Operators;

/// <summary>What the log tells of an act on people: what, before, after, why. A line has 255 bytes; what is longer becomes several, and nothing is cut.</summary>
public static class OperatorLines
{
    private const int Part = 240;

    public static IReadOnlyList<TwinEvent> Of(DateTimeOffset at, string actor, string what, string? before, string? after, string? why)
    {
        var text = what;
        if (before is not null || after is not null) text += $": was {before ?? "not there"}, is {after ?? "not there any more"}";
        if (!string.IsNullOrEmpty(why)) text += $"; {why}";
        if (Encoding.UTF8.GetByteCount(text) <= Caps.Text) return [new(at, EventKind.Operator, text, actor)];
        var parts = new List<string>();
        var (part, bytes) = (new StringBuilder(), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > Part)
            {
                parts.Add(part.ToString());
                (part, bytes) = (new(), 0);
            }
            part.Append(rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }
        parts.Add(part.ToString());
        return [.. parts.Select((one, i) => new TwinEvent(at, EventKind.Operator, $"{one} ({i + 1}/{parts.Count})", actor))];
    }
}
