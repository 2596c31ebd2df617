namespace TrustMesh.Contracts.Queries;

/// <summary>Which of some words somebody may have meant.</summary>
internal static class Nearest
{
    private const int Longest = 24;

    /// <summary>The word that begins so, or the one that at most two mistakes make of it; null if none is near.</summary>
    public static string? Of(string text, IEnumerable<string> words)
    {
        if (text.Length is 0 or > Longest) return null;
        var wanted = text.ToLowerInvariant();
        string? best = null;
        var least = Math.Min(3, (wanted.Length + 1) / 2 + 1);
        foreach (var word in words)
        {
            if (wanted.Length >= 2 && word.StartsWith(wanted, StringComparison.Ordinal)) return word;
            if (word.Length <= Longest && Distance(wanted, word) is var distance && distance < least) (best, least) = (word, distance);
        }
        return best;
    }

    /// <summary>Letters to add, drop, replace, or swap with the next.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
