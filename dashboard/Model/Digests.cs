using System.Text.RegularExpressions;

namespace TrustMesh.Dashboard.Model;

/// <summary>Long hex for people: its ends stay recognisable, the whole is one copy away.</summary>
public static partial class Digests
{
    /// <summary>Every run of 32 or more hex digits becomes eight characters from each of its ends; the rest of the text stays.</summary>
    public static string Short(string text) => Hex().Replace(text, run => $"{run.ValueSpan[..8]}…{run.ValueSpan[^8..]}");

    [GeneratedRegex("[0-9a-fA-F]{32,}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Hex();
}
