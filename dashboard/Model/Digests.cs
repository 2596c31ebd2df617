namespace TrustMesh.Dashboard.Model;

/// <summary>Long hex for people: its ends stay recognisable, the whole is one copy away.</summary>
public static class Digests
{
    /// <summary>Eight characters from each end of a hex text of 32 or more; anything else as it is.</summary>
    public static string Short(string text) => IsDigest(text) ? $"{text[..8]}…{text[^8..]}" : text;

    public static bool IsDigest(string text) => text.Length >= 32 && text.All(char.IsAsciiHexDigit);
}
