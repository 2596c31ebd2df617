using System.Globalization;
using System.Text;

namespace TrustMesh.Dashboard.Model;

/// <summary>
/// One argument of a command that somebody copies into their shell: whatever is in it, it stays one argument, does nothing, and looks like what it is. What would turn the line around on
/// the screen, break it, or run as soon as it is pasted is written as its number (A44).
/// </summary>
public static class ShellText
{
    private const string Plain = "-_./:=,@%+";

    /// <summary>For bash and zsh.</summary>
    public static string Quote(string text)
    {
        if (text.Length > 0 && text.All(one => char.IsAsciiLetterOrDigit(one) || Plain.Contains(one, StringComparison.Ordinal)))
            return text;
        return text.EnumerateRunes().All(IsShown) ? $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'" : Numbered(text);
    }

    private static string Numbered(string text)
    {
        var quoted = new StringBuilder("$'");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\'' or '\\')
                quoted.Append('\\').Append((char)rune.Value);
            else if (IsShown(rune))
                quoted.Append(rune.ToString());
            else
                quoted.Append(rune.Value <= 0xffff ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}");
        }
        return quoted.Append('\'').ToString();
    }

    private static bool IsShown(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
