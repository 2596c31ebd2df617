using System.Globalization;

namespace TrustMesh.Wire.Log;

/// <summary>
/// How far a log is and what it says so far (C2SP tlog-checkpoint): three lines, origin, size, root in base64; the text of a <see cref="SignedNote"/>.
/// Extension lines are not used.
/// </summary>
/// <param name="Origin">Names the log; for ours see <see cref="OriginOf"/>.</param>
/// <param name="Size">Entries.</param>
/// <param name="Root">32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, ReadOnlyMemory<byte> Root)
{
    /// <summary>The origin, and the name of the key, of a mesh's log with that number.</summary>
    public static string OriginOf(string mesh, int number) => $"{mesh}/log/{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The text.</summary>
    public string Encode()
    {
        if (!IsOrigin(Origin)) throw new ArgumentException("An origin is one line of 1 to 255 characters.");
        ArgumentOutOfRangeException.ThrowIfNegative(Size);
        if (Root.Length != Caps.Hash) throw new ArgumentException("A root has 32 bytes.");
        return $"{Origin}\n{Size.ToString(CultureInfo.InvariantCulture)}\n{Convert.ToBase64String(Root.Span)}\n";
    }

    /// <summary>Reads the one text; throws <see cref="WireException"/> for anything else.</summary>
    public static Checkpoint Decode(string text)
    {
        if (text.Split('\n') is not [var origin, var number, var root, ""]) throw new WireException("checkpoint", 0, "not the three lines origin, size and root");
        if (!IsOrigin(origin)) throw new WireException("origin", 0, "not one line of 1 to 255 characters");
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var size)) throw new WireException("size", 0, "not a number up to 2^63 - 1");
        var hash = new byte[Caps.Hash + 1];
        if (!Convert.TryFromBase64String(root, hash, out var length) || length != Caps.Hash) throw new WireException("root", 0, "not 32 bytes in base64");
        var checkpoint = new Checkpoint(origin, size, hash.AsMemory(0, Caps.Hash));
        // Leading zeros, spaces in the base64 and what else would be read in two ways.
        return checkpoint.Encode() == text ? checkpoint : throw new WireException("checkpoint", 0, "not in its one form");
    }

    private static bool IsOrigin(string origin) => origin.Length is > 0 and <= Caps.Text && !Grammar.HasControl(origin);
}
