using System.Globalization;

namespace TrustMesh.Contracts.Queries;

/// <summary>
/// A version as people and machines write them: <c>2.3</c>, <c>v0.1.0-rc.1+4f2a</c>, <c>trustmesh-agent 0.1.0</c>, and the 16 hexadecimal digits of a TPM's
/// firmware, which are four numbers (<c>0007005511cb0000</c> is 7.85.4555.0). Parts that are missing are 0; with <c>-</c> something before it.
/// </summary>
public sealed class VersionText : IComparable<VersionText>
{
    private const int Most = 8, Longest = 128, FirmwareDigits = 16;
    private readonly long[] parts;
    private readonly string early;

    private VersionText(long[] parts, string early) => (this.parts, this.early) = (parts, early);

    /// <summary>Null if the last word of the text does not begin with a number.</summary>
    public static VersionText? TryParse(string text)
    {
        if (text.Length is 0 or > Longest) return null;
        var word = text.AsSpan(text.LastIndexOf(' ') + 1);
        if (word is ['v' or 'V', _, ..]) word = word[1..];
        if (word.Length == FirmwareDigits && ulong.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var firmware))
            return new([(long)(firmware >> 48), (long)(firmware >> 32 & 0xffff), (long)(firmware >> 16 & 0xffff), (long)(firmware & 0xffff)], "");
        if (word.IndexOf('+') is >= 0 and var build) word = word[..build];
        var early = "";
        if (word.IndexOf('-') is >= 0 and var dash)
        {
            early = word[(dash + 1)..].ToString();
            word = word[..dash];
        }
        var parts = new List<long>(4);
        foreach (var range in word.Split('.'))
        {
            if (parts.Count == Most || !long.TryParse(word[range], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            parts.Add(number);
        }
        return new([.. parts], early);
    }

    public int CompareTo(VersionText? other)
    {
        if (other is null) return 1;
        for (var i = 0; i < Most; i++)
        {
            var order = Part(i).CompareTo(other.Part(i));
            if (order != 0) return order;
        }
        return (early.Length, other.early.Length) switch
        {
            (0, 0) => 0,
            (0, _) => 1,
            (_, 0) => -1,
            _ => string.Compare(early, other.early, StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>Its numbers with points between.</summary>
    public override string ToString() => string.Join('.', parts) + (early.Length == 0 ? "" : $"-{early}");

    private long Part(int at) => at < parts.Length ? parts[at] : 0;
}
