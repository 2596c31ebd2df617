namespace TrustMesh.Trust.Operators;

/// <summary>
/// How often the store is asked for a session or an API token that is not known here: so many times a second in all, and no more, so that made-up ones cost
/// little (attack A42). What is known is never held up by it. Thread-safe.
/// </summary>
public sealed class LookLimit(TimeProvider time)
{
    /// <summary>In a second.</summary>
    public const int Most = 500;

    private readonly Lock gate = new();
    private DateTimeOffset since;
    private int taken;

    public bool TryTake()
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (now - since > TimeSpan.FromSeconds(1)) (since, taken) = (now, 0);
            return ++taken <= Most;
        }
    }
}
