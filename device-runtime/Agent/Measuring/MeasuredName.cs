using System.Security.Cryptography;
using System.Text;

namespace TrustMesh.Agent.Measuring;

/// <summary>
/// Names in the log: prefix, "/", path below the root; 1..255 bytes of UTF-8 without control characters (PROTOCOL.md section 1). A file whose
/// path does not fit is not left out, for then it would be a place to hide: it gets a name made of what can be shown and a hash of the whole,
/// and is recorded as an event (attack A44).
/// </summary>
public static class MeasuredName
{
    public const int LongestBytes = 255;

    public static MeasuredFile Of(string prefix, string relative, string path)
    {
        var name = $"{prefix}/{relative}";
        var bytes = Encoding.UTF8.GetByteCount(name);
        var hidden = name.Any(c => char.IsControl(c) || c == '\uFFFD' || char.IsSurrogate(c));
        if (bytes <= LongestBytes && (!hidden || IsPlain(name))) return new(name, path);
        var shown = new StringBuilder();
        foreach (var c in name)
        {
            if (shown.Length == 180) break;
            shown.Append(c is > ' ' and < (char)127 ? c : '?');
        }
        shown.Append('~').Append(Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(name)).AsSpan(0, 16)));
        return new(shown.ToString(), path, bytes > LongestBytes ? "its name is longer than 255 bytes" : "its name has bytes that are no printable text");
    }

    /// <summary>True for text whose surrogates are all in pairs and that has nothing unprintable.</summary>
    private static bool IsPlain(string name)
    {
        foreach (var rune in name.EnumerateRunes())
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune)) return false;
        return true;
    }
}
