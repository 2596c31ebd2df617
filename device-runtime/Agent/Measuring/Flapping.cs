namespace TrustMesh.Agent.Measuring;

/// <summary>
/// How often one file may make an entry of its own accord: a first change at once, then at most every 250 ms, and ever more seldom (to 30 s)
/// while it goes on changing, so that a log file measured by mistake does not fill the boot's log. A proof does not wait for this: what is held
/// back is measured before each.
/// </summary>
public sealed class Flapping
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250), Longest = TimeSpan.FromSeconds(30);

    private DateTimeOffset last = DateTimeOffset.MinValue;
    private TimeSpan spacing = Shortest;

    /// <summary>The earliest time of the next entry.</summary>
    public DateTimeOffset NextAt => last == DateTimeOffset.MinValue ? last : last + spacing;

    /// <summary>Notes an entry: close to the one before it, the distance doubles; after quiet it is the shortest again.</summary>
    public void Changed(DateTimeOffset now)
    {
        if (last != DateTimeOffset.MinValue && now - last < spacing * 4) spacing = spacing * 2 < Longest ? spacing * 2 : Longest;
        else spacing = Shortest;
        last = now;
    }
}
