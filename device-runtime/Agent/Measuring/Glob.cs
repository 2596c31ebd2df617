namespace TrustMesh.Agent.Measuring;

/// <summary>
/// A path pattern below a root: <c>*</c> and <c>?</c> within a segment, <c>**</c> as a whole segment for any number of segments. Anchored at
/// both ends, case-sensitive.
/// </summary>
public sealed class Glob
{
    public const int LongestText = 512, MostSegments = 32;

    public Glob(string text)
    {
        if (Problem(text) is { } problem) throw new ArgumentException($"\"{text}\" {problem}", nameof(text));
        Segments = text.Split('/');
    }

    public IReadOnlyList<string> Segments { get; }

    /// <summary>True for a pattern that names exactly one path.</summary>
    public bool IsLiteral => !Segments.Any(IsPattern);

    /// <summary>Null for a good pattern; else the rest of a sentence that starts with the pattern.</summary>
    public static string? Problem(string text)
    {
        if (text.Length is 0 or > LongestText) return "must be a text of 1 to 512 characters";
        if (text[0] == '/') return "must be relative to the root, without a leading /";
        if (text.Any(char.IsControl)) return "has a control character";
        var segments = text.Split('/');
        if (segments.Length > MostSegments) return "has more than 32 segments";
        if (segments.Any(segment => segment is "" or "." or "..")) return "has an empty, \".\" or \"..\" segment";
        return segments.Any(segment => segment != "**" && segment.Contains("**", StringComparison.Ordinal)) ? "has ** that is not a whole segment" : null;
    }

    public static bool IsPattern(string segment) => segment.AsSpan().ContainsAny('*', '?');

    /// <summary>True if a path below the root can be a match, or a directory on the way to one.</summary>
    public bool Touches(ReadOnlySpan<char> relative)
    {
        var at = 0;
        foreach (var part in relative.Split('/'))
        {
            if (at == Segments.Count) return false;
            if (Segments[at] == "**") return true;
            if (!MatchSegment(Segments[at++], relative[part])) return false;
        }
        return true;
    }

    /// <summary>Matches one segment; time grows with the product of both lengths at worst (attack A28).</summary>
    public static bool MatchSegment(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]) && pattern[p] != '*') (p, n) = (p + 1, n + 1);
            else if (p < pattern.Length && pattern[p] == '*') (star, mark, p) = (p, n, p + 1);
            else if (star >= 0) (p, n) = (star + 1, ++mark);
            else return false;
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}
