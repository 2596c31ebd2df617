using System.Text;
using System.Text.RegularExpressions;
using TrustMesh.Wire;

namespace TrustMesh.Verifier;

/// <summary>
/// The globs of a policy, compiled to one matcher that takes time linear in the name whatever the globs are (attack A28). A glob is
/// anchored at both ends; <c>*</c> stands for any characters but <c>/</c>, <c>**</c> for any characters. It begins with something literal
/// beside <c>/</c>: one that could match everything is refused.
/// </summary>
public sealed class NamePatterns
{
    /// <summary>Most characters of all globs of a policy together.</summary>
    public const int MostCharacters = 16 * 1024;

    /// <summary>Most wildcards in one glob.</summary>
    public const int MostWildcards = 8;

    private readonly Regex? any;

    private NamePatterns(Regex? any) => this.any = any;

    /// <summary>Compiles globs; false with a sentence for the operator if one is refused.</summary>
    public static bool TryCompile(IReadOnlyList<string> globs, out NamePatterns patterns, out string problem)
    {
        patterns = new(null);
        problem = globs.Count > Caps.PatternCount ? $"{globs.Count} patterns are too many; use at most {Caps.PatternCount}."
            : globs.Sum(glob => glob.Length) > MostCharacters ? $"The patterns are longer than {MostCharacters} characters together; use fewer or shorter ones."
            : globs.Select(Refusal).FirstOrDefault(refusal => refusal is not null) ?? "";
        if (problem.Length > 0) return false;
        if (globs.Count > 0) patterns = new(new(Translate(globs), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline));
        return true;
    }

    /// <summary>True if one of the globs matches the whole name.</summary>
    public bool Match(string name) => any is not null && any.IsMatch(name);

    private static string? Refusal(string glob)
    {
        if (!Grammar.IsMeasuredName(glob)) return "A pattern is empty, longer than 255 bytes or has control characters; write a path such as /var/lib/app/*.";
        if (glob.Contains("***", StringComparison.Ordinal)) return $"The pattern {glob} has three stars in a row; use * within a directory or ** across directories.";
        if (glob.Count(c => c == '*') > 2 * MostWildcards) return $"The pattern {glob} has too many stars; use at most {MostWildcards} wildcards.";
        var literal = glob.AsSpan(0, glob.IndexOf('*') is var star && star < 0 ? glob.Length : star);
        if (literal.Trim('/').IsEmpty) return $"The pattern {glob} could match everything; begin it with a directory or file name, such as /var/lib/app/**.";
        return null;
    }

    private static string Translate(IReadOnlyList<string> globs)
    {
        var regex = new StringBuilder(@"\A(?:");
        for (var i = 0; i < globs.Count; i++)
        {
            if (i > 0) regex.Append('|');
            foreach (var part in globs[i].Replace("**", "\u0001", StringComparison.Ordinal))
                regex.Append(part switch { '\u0001' => ".*", '*' => "[^/]*", _ => Regex.Escape(part.ToString()) });
        }
        return regex.Append(@")\z").ToString();
    }
}
