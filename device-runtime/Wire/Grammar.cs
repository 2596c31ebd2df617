using System.Buffers;
using System.Text;

namespace TrustMesh.Wire;

/// <summary>The texts PROTOCOL.md section 1 allows (attack A44).</summary>
public static class Grammar
{
    /// <summary>Most characters of a name.</summary>
    public const int NameLength = 63;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    /// <summary>A name of a device, site or model: <c>[a-z0-9]([a-z0-9.-]{0,62})</c>.</summary>
    public static bool IsName(string? text)
        => text is { Length: >= 1 and <= NameLength } && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>A measured name: 1 to 255 bytes of UTF-8 without control characters.</summary>
    public static bool IsMeasuredName(string? text)
        => text is { Length: >= 1 and <= Caps.Text } && !HasControl(text) && IsWellFormed(text) && Encoding.UTF8.GetByteCount(text) <= Caps.Text;

    /// <summary>C0, DEL and C1.</summary>
    public static bool HasControl(ReadOnlySpan<char> text)
        => text.ContainsAnyInRange('\u0000', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f');

    /// <summary>The text without control characters and lone surrogates (each becomes U+FFFD), cut to 255 bytes at a character with "…".</summary>
    public static string Fit(string text)
    {
        if (text.Length * 3 <= Caps.Text && !HasControl(text) && IsWellFormed(text)) return text;
        var fitted = new StringBuilder(text.Length);
        var (bytes, keep) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var clean = Rune.IsControl(rune) ? Rune.ReplacementChar : rune;
            bytes += clean.Utf8SequenceLength;
            if (bytes > Caps.Text) return fitted.ToString(0, keep) + "…";
            fitted.Append(clean.ToString());
            if (bytes <= Caps.Text - 3) keep = fitted.Length;
        }
        return fitted.ToString();
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
