namespace TrustMesh.Agent.Peers;

/// <summary>
/// Keeps a log readable where somebody does the same over and over: it is told once, and after that at most every ten minutes, with how often it
/// happened meanwhile. Thread-safe.
/// </summary>
public sealed class Repetitions(TimeProvider time)
{
    /// <summary>What is remembered; beyond it what was told longest ago is forgotten (attack A42).</summary>
    public const int Most = 1024;

    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Who, string What), (DateTimeOffset ToldAt, int Since)> told = [];

    /// <summary>What a line about this ends with: nothing, or <c> (31 times since 13:12Z)</c>. Null: this is not the time for a line.</summary>
    /// <param name="who">A device or an address.</param>
    public string? Again(string who, string what)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (!told.TryGetValue((who, what), out var before))
            {
                if (told.Count >= Most) told.Remove(told.MinBy(one => one.Value.ToldAt).Key);
                told[(who, what)] = (now, 0);
                return "";
            }
            var times = before.Since == int.MaxValue ? before.Since : before.Since + 1;
            if (now - before.ToldAt < Quiet)
            {
                told[(who, what)] = before with { Since = times };
                return null;
            }
            told[(who, what)] = (now, 0);
            return times == 1 ? "" : $" ({times} times since {before.ToldAt:HH:mm}Z)";
        }
    }
}
