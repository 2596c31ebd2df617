namespace TrustMesh.Trust.Peers;

/// <summary>
/// Whether a device's word is worth anything (attack A36). Pure. A word is compared when its issuer speaks about the same device again: by then
/// the others have spoken too, and only what they said before and after that word speaks against it. So who sees first that a device has
/// changed is not taken for a liar. A strict majority is one of all others whose word is fresh, the silo's being one of them: with f liars
/// among 3f + 1 no honest device is ever outvoted.
/// </summary>
public static class Credibility
{
    /// <summary>Contradicted about so many devices at once: doubted.</summary>
    public const int Subjects = 2;

    /// <summary>Contradicted so often in a row about one device: doubted; not contradicted so often in a row: no longer.</summary>
    public const int Rounds = 3;

    /// <summary>About one device, only so many others or more outvote anybody.</summary>
    public const int FewOthers = 3;

    /// <summary>The last word of an edge against what others held at that moment.</summary>
    /// <param name="edge">Before its issuer spoke again.</param>
    /// <param name="others">Everybody else's words about the device that count, the silo's among them.</param>
    /// <param name="now">When the issuer speaks again.</param>
    /// <param name="count">How many others there are.</param>
    /// <returns>Null if there is no majority either way, or nothing to compare.</returns>
    public static bool? IsContradicted(EdgeRecord edge, IReadOnlyList<HeldWord> others, DateTimeOffset now, out int count)
    {
        var (agree, against) = (0, 0);
        count = 0;
        if (edge.Opinion == Opinion.None) return null;
        foreach (var word in others)
        {
            if (word.Opinion == Opinion.None) continue;
            var held = word.HeldAt(edge.IssuedAt);
            if (!held && word.ExpiresAt <= now) continue;
            count++;
            if (!held) continue;
            if (word.Opinion == edge.Opinion) agree++;
            else against++;
        }
        return against * 2 > count ? true : agree * 2 > count ? false : null;
    }

    /// <summary>The edge after its last word was compared.</summary>
    public static EdgeRecord Judged(EdgeRecord edge, bool contradicted, int others)
        => edge with { Contradicted = contradicted ? edge.Contradicted + 1 : 0, Outvoted = contradicted && others >= FewOthers ? edge.Outvoted + 1 : 0 };

    /// <summary>Whether an issuer with these edges is doubted from now on.</summary>
    public static bool IsDoubted(IssuerRecord issuer, DateTimeOffset now)
    {
        var contradicted = issuer.Edges.Where(edge => edge.Contradicted > 0 && now < edge.ExpiresAt).ToList();
        if (issuer.Doubted) return contradicted.Count > 0 || issuer.Agreed < Rounds;
        return contradicted.Count >= Subjects || contradicted.Exists(edge => edge.Outvoted >= Rounds);
    }
}
