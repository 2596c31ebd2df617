using System.Text;
using Orleans.Runtime;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Storage;

/// <summary>
/// The name of a row for a provider. Blob names are parts of addresses, where "." , ".." and "/" mean something: every byte that is no letter,
/// digit, '-' or '_' is written as '~' and two hex digits, so that two ids never share a name and none leads out of its folder.
/// </summary>
internal static class RowName
{
    /// <summary>Bytes of UTF-8 an id may have; three times as many still fit into a blob's name.</summary>
    public const int LongestId = Caps.Text;

    public static GrainId Of(string kind, string id)
    {
        if (!Grammar.IsName(kind)) throw new ArgumentException($"'{Grammar.Fit(kind)}' is no kind of row.", nameof(kind));
        var bytes = Encoding.UTF8.GetBytes(id);
        if (bytes.Length is 0 or > LongestId) throw new ArgumentException($"An id has 1 to {LongestId} bytes, this one {bytes.Length}.", nameof(id));
        var name = new StringBuilder(bytes.Length);
        foreach (var one in bytes)
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'-' or (byte)'_') name.Append((char)one);
            else name.Append('~').Append(one.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        return GrainId.Create(kind, name.ToString());
    }
}
