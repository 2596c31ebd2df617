using System.Globalization;
using System.Text;

namespace TrustMesh.Dashboard.Model;

/// <summary>
/// A name or a reason inside a sentence, a title or a label. Encoding keeps it inert there; but where no <c>bdi</c> can stand around it, a direction
/// character of its own would still turn the words of others around (A44).
/// </summary>
public static class NameText
{
    /// <param name="most">Characters; more are cut off.</param>
    public static string Plain(string text, int most = 64)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (plain.Length >= most)
                return plain.Append('…').ToString();
            plain.Append(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? "\uFFFD" : rune.ToString());
        }
        return plain.ToString();
    }
}
