using System.Globalization;

namespace TrustMesh.Wire.Log;

/// <summary>
/// A tile of a log and its path (C2SP tlog-tiles): <c>tile/LEVEL/N</c> has the hashes of 256 nodes of tree level 8 · LEVEL, <c>tile/entries/N</c> the
/// 256 entries below <c>tile/0/N</c>. A tile that is not full yet has its width in its path, <c>….p/W</c>. N is written in groups of three digits, all
/// but the last with an x: <c>x001/x234/067</c>.
/// </summary>
/// <param name="Level">0 to 7; null for entries.</param>
/// <param name="Count">Hashes or entries, 1 to 256; 256 is a full tile.</param>
public readonly record struct LogTile(int? Level, long Index, int Count)
{
    /// <summary>Levels of the tree from one level of tiles to the next.</summary>
    public const int Height = 8;

    /// <summary>Nodes of a full tile.</summary>
    public const int Width = 1 << Height;

    /// <summary>Levels of tiles: more would be more entries than can be counted.</summary>
    public const int Levels = 8;

    private const int LongestPath = 64;

    /// <summary>The one path of the tile.</summary>
    public string Path
    {
        get
        {
            var level = Level is { } number ? number.ToString(CultureInfo.InvariantCulture) : "entries";
            var path = (Index % 1000).ToString("d3", CultureInfo.InvariantCulture);
            for (var left = Index / 1000; left > 0; left /= 1000) path = $"x{(left % 1000).ToString("d3", CultureInfo.InvariantCulture)}/{path}";
            return $"tile/{level}/{path}{(Count == Width ? "" : $".p/{Count.ToString(CultureInfo.InvariantCulture)}")}";
        }
    }

    /// <summary>The tile whose hashes have the ranges of a log of that size: full, or as wide as it is; null if it has none there.</summary>
    public static LogTile? Of(int? level, long index, long size)
    {
        var nodes = size >> (Height * (level ?? 0));
        return index < 0 || index > (nodes - 1) >> Height || nodes == 0 ? null : new(level, index, (int)Math.Min(Width, nodes - (index << Height)));
    }

    /// <summary>Every tile of entries of a log of that size.</summary>
    public static IEnumerable<LogTile> Entries(long size)
    {
        for (var index = 0L; Of(null, index, size) is { } tile; index++) yield return tile;
    }

    /// <summary>Every tile of hashes of a log of that size, the lowest level first.</summary>
    public static IEnumerable<LogTile> Hashes(long size)
    {
        for (var level = 0; level < Levels; level++)
            for (var index = 0L; Of(level, index, size) is { } tile; index++) yield return tile;
    }

    /// <summary>Reads the one path of a tile.</summary>
    public static bool TryParse(string path, out LogTile tile)
    {
        tile = default;
        if (path.Length > LongestPath || !path.StartsWith("tile/", StringComparison.Ordinal)) return false;
        var parts = path.Split('/');
        var at = 2;
        if (parts.Length < 3 || !TryNumber(parts[1], Levels - 1, out var level) && parts[1] != "entries") return false;
        var index = 0L;
        while (at < parts.Length - 1 && parts[at] is ['x', _, _, _] group && TryGroup(group[1..], out var digits)) (index, at) = (index * 1000 + digits, at + 1);
        var count = (long)Width;
        var last = parts[at];
        if (at == parts.Length - 2 && last.EndsWith(".p", StringComparison.Ordinal) && TryNumber(parts[at + 1], Width - 1, out count)) (last, at) = (last[..^2], at + 1);
        if (at != parts.Length - 1 || !TryGroup(last, out var lowest) || count < 1 || index > long.MaxValue / 1000 - 1) return false;
        var read = new LogTile(parts[1] == "entries" ? null : (int)level, index * 1000 + lowest, (int)count);
        // One accepted form: what is printed again is what was read.
        if (read.Path != path) return false;
        tile = read;
        return true;
    }

    private static bool TryGroup(string text, out int digits)
    {
        digits = 0;
        return text.Length == 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out digits);
    }

    private static bool TryNumber(string text, long most, out long number)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
}
